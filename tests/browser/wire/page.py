"""A page with a player whose kernel is played by the test: it holds what is sent, and answers when it is told to."""

import json
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import convviz.player.browser
from convviz import correlate, theme
from convviz.javascript import joined

HOME = Path(convviz.player.browser.__file__).parent
STYLE = theme.css() + (HOME / "player.css").read_text(encoding="utf-8")

LAPTOP = {"viewport": {"width": 900, "height": 600}}
TELEPHONE = {"viewport": {"width": 390, "height": 500}, "has_touch": True}

ADDRESS = "http://player.test/"
"""Nobody's: the page is handed over by the test."""
TRACE = correlate(np.arange(16).reshape(4, 4), [[1, -2], [3, 4]])
"""What pictures declare: a 4×4 input, a 2×2 kernel, a 3×3 output."""


def panel(name, x, side, view=None, *, edits="", changing=False, texts=None, size=60):
    """Describe a panel as scenes do: square, of one slice."""
    return {
        "name": name,
        "title": name.capitalize(),
        "edits": edits,
        "view": TRACE.terms.views[view or name].as_json(),
        "slices": [{"x": x, "y": 40, "width": size, "height": size, "above": 0}],
        "rows": side,
        "columns": side,
        "first": 0,
        "heading": 50,
        "changing": changing,
        "texts": texts,
    }


ABOUT = {
    "terms": TRACE.terms.as_json(),
    "panels": [
        panel("input", 10, 4, edits="x", texts=[str(n) for n in range(16)], size=160),
        panel("kernel", 200, 2, edits="w", texts=["1", "−2", "3", "4"], size=80),
        panel("products", 310, 2, changing=True, size=80),
        panel("output", 420, 3, changing=True, size=120),
    ],
    "channels": 0,
    "maps": 0,
}

# Frames are single-coloured: red tells the generation, green and blue the key.
PAGE = f"""<!doctype html><html><head><style>{STYLE}</style></head><body style="background: white">
<div id="one"></div><div id="two"></div>
<script type="module">
{joined(HOME / "player.js")}
const about = {json.dumps(ABOUT)};
const state = {{
  index: 0, interval_ms: 30, loop: false, hover: "", ghost: -1, editable: true, controls: true, pictures: [],
}};
const listeners = {{}};
const tell = (event, ...words) => [...(listeners[event] ?? [])].forEach((listener) => listener(...words));
/* Drawn at once: convertToBlob would wait until the page is idle, up to a second for each frame of a busy one. */
const png = (generation, key, size, padding = 0) => {{
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = size;
  const context = canvas.getContext("2d");
  context.fillStyle = `rgb(${{generation}} ${{(key + 1000) >> 8}} ${{(key + 1000) & 255}})`;
  context.fillRect(0, 0, ...size);
  const bytes = Uint8Array.from(atob(canvas.toDataURL().split(",")[1]), (letter) => letter.charCodeAt(0));
  const padded = new Uint8Array(bytes.byteLength + padding);
  padded.set(bytes);
  return new DataView(padded.buffer);
}};
/* What the cells say: products are their own numbers plus the key, outputs are known up to the key. */
const textsOf = (key) => ({{
  products: [0, 1, 2, 3].map((n) => (key < 0 ? "" : `${{n + key}}`)),
  output: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => (n <= key ? `${{10 * n}}` : "")),
}});
window.tell = tell;
window.turned = (text, ticks, factor) => new Dial(text).turn(ticks, factor);
window.sent = [];
window.saved = [];
window.model = {{
  get: (name) => state[name],
  set(name, value) {{
    const before = state[name];
    state[name] = value;
    if (before !== value) tell(`change:${{name}}`);
  }},
  save_changes() {{
    if (window.gone) throw new Error("no kernel");
    window.saved.push(state.index);
  }},
  send(message) {{
    if (window.gone) throw new Error("no kernel");
    window.sent.push(message);
  }},
  on: (event, listener) => (listeners[event] ??= []).push(listener),
  off: (event, listener) => (listeners[event] = (listeners[event] ?? []).filter((other) => other !== listener)),
}};
window.listening = () => Object.values(listeners).flat().length;
const widget = player();
window.disposals = {{}};
window.start = () => void widget.initialize({{ model }});
window.mount = (id) => {{
  window.disposals[id] = widget.render({{ model, el: document.getElementById(id) }});
}};
window.dispose = (id) => window.disposals[id]();
window.picture = ({{ generation = 1, count = 9, flips = 0, first = 0, size = [560, 220], ...more }} = {{}}) => ({{
  longest: "caption of the longest kind", ...about, ...more, generation, revision: generation, count, flips, size,
  first: {{ key: first, caption: `caption ${{first}}`, texts: textsOf(first), png: png(generation, first, size) }},
}});
/* Show pictures, one for each description. */
window.show = (...abouts) => model.set("pictures", abouts.map((about) => picture(about)));
window.deliver = (keys, number = 0, generation = state.pictures[number].generation, padding = 0) => {{
  for (const key of keys) {{
    const buffer = png(generation, key, state.pictures[number].size, padding);
    const said = {{ caption: `caption ${{key}}`, texts: textsOf(key) }};
    tell("msg:custom", {{ type: "frame", picture: number, generation, key, ...said }}, [buffer]);
  }}
}};
/* The oldest message is answered first, as the kernel does it. */
window.answered = 0;
window.unanswered = () => changes().filter(({{ number }}) => number > window.answered);
window.answer = (type, more = {{}}) => {{
  const number = window.answered = unanswered()[0].number;
  const generations = state.pictures.map(({{ generation }}) => generation);
  tell("msg:custom", {{ type, number, generations, ...more }}, []);
}};
window.painted = (id = "one", number = 0) => {{
  const canvas = document.querySelectorAll(`#${{id}} canvas`)[number];
  const [red, green, blue] = canvas.getContext("2d").getImageData(0, 0, 1, 1).data;
  return [red, green * 256 + blue - 1000];
}};
window.wants = () => window.sent.filter((message) => message.type === "want");
window.looks = () => window.sent.filter((message) => message.type === "look");
window.changes = () => window.sent.filter((message) => ["edit", "paste", "resize"].includes(message.type));
window.outlined = (layer = "outlines", id = "one") =>
  [...document.querySelectorAll(`#${{id}} .convviz-${{layer}} g`)].map((group) => ({{ ...group.dataset }}));
window.until = async (condition) => {{
  const end = performance.now() + 20_000;
  while (!condition() && performance.now() < end) await new Promise((next) => setTimeout(next));
  return condition();
}};
/* The Player's own observers were there first, so they have been told when this one is. */
window.resized = (id, width) => new Promise((told) => {{
  const element = document.getElementById(id);
  const observer = new ResizeObserver(() => {{
    if (element.clientWidth !== width) return;
    observer.disconnect();
    told();
  }});
  observer.observe(element);
  element.style.width = `${{width}}px`;
}});
window.ready = true;
</script></body></html>"""


def is_trouble(message):
    """Whether a line on the console is one: reading a canvas often, as these tests do, is not."""
    return message.type in ("error", "warning") and "willReadFrequently" not in message.text


def opened(browser, trouble, **context):
    """Open the page; what the console complains of is added to ``trouble``."""
    page = browser.new_page(**context)
    page.on("console", lambda message: trouble.append(message.text) if is_trouble(message) else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.route(ADDRESS, lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8"))
    return renewed(page)


@contextmanager
def separate(browser, **context):
    """Open a page that nobody else uses, and fail if it complains of anything."""
    trouble = []
    page = opened(browser, trouble, **context)
    yield page
    page.close()
    assert trouble == []


def renewed(page):
    """Begin anew on a page that is open: half the time of another one."""
    page.goto(ADDRESS)
    page.mouse.move(0, 0)
    page.wait_for_function("window.ready")
    return page


def begin(page, *pictures, **picture):
    """Show a player with its first frame painted and its first wish said."""
    abouts = list(pictures) or [picture]
    page.evaluate("(abouts) => show(...abouts)", abouts)
    page.evaluate("start(); mount('one')")
    page.wait_for_selector(f'#one .convviz-player[data-shown="{abouts[0].get("first", 0)}"]')
    assert page.evaluate("until(() => wants().length > 0)")


def stays(page):
    """Wait until a picture has stayed for so long that all frames are wished for."""
    assert page.evaluate("until(() => wants().length > 1)")


def sees(page, key, where="one"):
    """Wait until a frame is on the canvas, and nothing is on its way."""
    page.wait_for_selector(f'#{where} .convviz-player[data-shown="{key}"][aria-busy="false"]')


def points_at(page, view, *cell):
    """Wait until a cell of one of the trace's views is pointed at: the browser moves the mouse from frame to frame."""
    hover = pointer(view, *cell).replace(" ", "")
    return page.evaluate("(hover) => until(() => model.get('hover') === hover)", hover)


def pointer(view, *cell):
    """Write what the hover trait says of a cell of one of the trace's views."""
    view = TRACE.terms.views[view]
    digits = [[vars(coordinate), at] for coordinate, at in view.digits(cell)]
    return json.dumps({"at": digits, "fixed": view.fixed, "held": view.held})
