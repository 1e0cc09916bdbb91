"""A saved page or module, read as the browser reads it."""

import base64
import io
import json
import re
import zlib
from html.parser import HTMLParser

import numpy as np
from PIL import Image


class Saved(HTMLParser):
    """The parts of a saved page."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.links, self.scripts = [], [], []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        about = dict(attributes)
        self.links += [about[name] for name in ("src", "href") if name in about]
        if tag == "script":
            self.scripts.append((about, ""))

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script":
            about, text = self.scripts[-1]
            self.scripts[-1] = (about, text + data)

    @property
    def state(self):
        [text] = [text for about, text in self.scripts if about.get("id") == "state"]
        return json.loads(text)

    @property
    def frames(self):
        """What each frame says, and its pixels, by generation and key."""
        said = {int(about["data-says"]): unpacked(text) for about, text in self.scripts if "data-says" in about}
        return {
            (generation, key): (json.loads(said[generation])[str(key)], frame)
            for about, text in self.scripts
            if "data-keys" in about
            for generation in [int(about["data-generation"])]
            for key, frame in zip(map(int, about["data-keys"].split()), put_together(json.loads(text)), strict=True)
        }


def held_by(module):
    """What a saved module holds."""
    pattern = r"^const held = \{\nstate: (.*),\nreels: \[\n(.*),\n\],\nsays: (.*),\n\};$"
    state, reels, says = re.search(pattern, module.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE).groups()
    return {"state": json.loads(state), "reels": json.loads(f"[{reels}]"), "says": json.loads(says)}


def unpacked(text):
    return zlib.decompress(base64.b64decode(text))


def put_together(held):
    """Put frames together from their tiles, one after another."""
    (width, height), side = held["size"], held["side"]
    across, down = -(-width // side), -(-height // side)
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(held["tiles"]))).convert("RGB"))
    rows, columns = (length // side for length in sheet.shape[:2])
    tiles = sheet.reshape(rows, side, columns, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    numbers = np.frombuffer(unpacked(held["maps"]), "<u4").reshape(-1, down, across).cumsum(axis=0, dtype=np.uint32)
    for lies in numbers:
        frame = tiles[lies].swapaxes(1, 2).reshape(down * side, across * side, 3)
        yield Image.fromarray(frame[:height, :width])
