"""The learner's own picture, from the kernel's side: what becomes of the files that the page sends."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from convviz.lessons.picture_upload import PictureUpload
from convviz.samples import read_picture
from convviz.samples.picture_file import MOST_BYTES

STAYS = " The picture on the screen stays."


def picture_file(width, height, kind="png", colour="teal"):
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


class Page:
    """The browser's end of the wire: it keeps what the kernel says."""

    comm_id = "page"
    kernel = object()

    def __init__(self, upload):
        self.upload = upload
        self.sent = []
        upload.comm = self

    def on_msg(self, callback):
        pass

    def close(self):
        pass

    def send(self, data, buffers=None):
        self.sent.append(data)

    def choose(self, name, data):
        self.upload._handle_custom_msg({"type": "picture", "name": name}, [memoryview(data)])

    @property
    def said(self):
        return [data["content"] for data in self.sent if data["method"] == "custom"]


@pytest.fixture
def upload():
    return PictureUpload()


@pytest.fixture
def page(upload):
    return Page(upload)


@pytest.fixture
def seen(upload):
    """Give the shapes of all pictures that an observer hears of."""
    shapes = []
    upload.observe(lambda change: shapes.append(change["new"].shape), "picture")
    return shapes


def test_the_page_knows_the_limit_and_nothing_of_the_picture(upload, page):
    page.choose("cat.png", picture_file(8, 8))
    state = upload.get_state()
    assert state["most_bytes"] == MOST_BYTES == 4 * 2**20
    assert "picture" not in state
    with pytest.raises(TraitError, match="most_bytes"):
        upload.most_bytes = 1


def test_script_and_style_travel_with_the_widget(upload):
    assert "export default" in upload._esm
    assert ".convviz-upload" in upload._css


@pytest.mark.parametrize(
    ("width", "height", "kind", "said"),
    [
        (640, 480, "png", "cat.png, 640×480, shrunk to 32×24"),
        (100, 300, "jpeg", "cat.png, 100×300, shrunk to 11×32"),
        (7, 5, "png", "cat.png, 7×5"),
    ],
)
def test_a_picture_is_read_and_described(upload, page, seen, width, height, kind, said):
    data = picture_file(width, height, kind)
    page.choose("cat.png", data)
    assert upload.said == said
    np.testing.assert_array_equal(upload.picture, read_picture(data))
    assert seen == [upload.picture.shape]
    assert not upload.picture.flags.writeable
    assert page.said == [{"type": "said", "text": said}]


def test_the_same_file_works_twice(page, seen):
    for _ in range(2):
        page.choose("cat.png", picture_file(8, 8))
    assert seen == [(3, 8, 8)] * 2
    assert page.said == [{"type": "said", "text": "cat.png, 8×8"}] * 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "there is nothing in this file; accepted: PNG or JPEG."),
        (b"hello", "this is no picture that can be read; accepted: PNG or JPEG."),
        (picture_file(9, 9, "gif"), "this is a GIF; accepted: PNG or JPEG."),
        (picture_file(9, 9)[:45], "this PNG is damaged or cut off; accepted: a whole PNG or JPEG."),
        (picture_file(5000, 1), "this picture has 5000×1 pixels; accepted: up to 4096 on each side."),
        (bytes(5 * 2**20), "this file has ≈5.0 MB; accepted: up to 4 MB."),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_a_refusal_says_why_and_changes_nothing(upload, page, seen, data, why):
    page.choose("cat.png", picture_file(8, 8))
    before = upload.picture
    page.choose("dog.png", data)
    assert upload.said == f"dog.png: {why}{STAYS}"
    assert upload.picture is before
    assert len(seen) == 1
    assert page.said[-1]["text"] == upload.said
    page.choose("cat.png", picture_file(4, 4))
    assert upload.said == "cat.png, 4×4"
    assert len(seen) == 2


def test_any_name_is_text_on_one_line(upload, page):
    page.choose("<img src=x\nonerror=alert(1)>.png", picture_file(4, 4))
    assert upload.said == "<img src=x onerror=alert(1)>.png, 4×4"
    page.choose("a" * 500 + ".png", picture_file(4, 4))
    assert upload.said == "a" * 40 + "…" + "a" * 36 + ".png, 4×4"


@pytest.mark.parametrize(
    ("content", "buffers"),
    [
        ({"type": "picture", "name": "cat.png"}, []),
        ({"type": "picture", "name": "cat.png"}, [b"1", b"2"]),
        ({"type": "picture", "name": 7}, [b"1"]),
        ({"type": "picture"}, [b"1"]),
        ({"type": "film", "name": "cat.png"}, [b"1"]),
        ("picture", [b"1"]),
        (None, []),
    ],
)
def test_messages_of_any_other_form_are_ignored(upload, page, content, buffers):
    upload._handle_custom_msg(content, buffers)
    assert (upload.said, upload.picture, page.said) == ("", None, [])


def test_the_side_is_the_callers_choice():
    upload = PictureUpload(side=8)
    upload.take("cat.png", picture_file(16, 4))
    assert upload.picture.shape == (3, 2, 8)
    assert upload.said == "cat.png, 16×4, shrunk to 8×2"
