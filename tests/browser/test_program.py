"""The program of the app's own for lessons, and the pages that it leaves to Voila's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from playwright.sync_api import Browser, Page, WebSocket, expect

import convviz.app
from convviz.app.wire import read_frame
from convviz.javascript import joined
from tests.browser.lesson_page import PlayerOnPage
from tests.browser.servers import Server
from tests.browser.visits import LIMIT_MS, Visit, VoilaVisit

VisitVoila = Callable[..., VoilaVisit]
HOME = Path(convviz.app.__file__).parent / "browser"
FRAMES, WIDGETS = joined(HOME / "frames.js"), joined(HOME / "widgets.js")
LESSON = "from convviz.lessons import SlidingWindow\n\nlesson = SlidingWindow()\nlesson"
OTHER = "import ipywidgets\n\nipywidgets.IntSlider(description='Other', max=9)"
HTML = "class Words:\n    def _repr_html_(self):\n        return '<em>a text</em>'\n\nWords()"
WAITS = """import pathlib, time

while not pathlib.Path({!r}).exists():
    get_ipython().display_pub.clear_output()
    time.sleep(0.01)
"""
"""A cell that says something, which is no output, until it is heard."""
PROGRAMS = "() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1).split('?')[0])"


@pytest.fixture
def page(browser: Browser):
    page = browser.new_page()
    page.add_script_tag(content=FRAMES)
    yield page
    page.close()


@pytest.mark.parametrize("buffers", [[], [b""], [b"\x00\xff", b"", b"abc"]], ids=len)
def test_a_frame_of_the_page_is_read_by_the_server(page: Page, buffers: list[bytes]):
    header = {"msg_id": "1-1", "msg_type": "comm_msg"}
    content = {"comm_id": "a", "data": {"text": "½ × −3\n\U0001d11e"}}
    sent = page.evaluate(
        """([header, content, buffers]) => {
            const bytes = buffers.map((each) => new Uint8Array(each));
            return [...new Uint8Array(frameOf({ channel: "shell", header, content, buffers: bytes }))];
        }""",
        [header, content, [list(each) for each in buffers]],
    )
    said = read_frame(bytes(sent))
    session = Session()
    assert said.channel == "shell"
    assert dict(said.header) == header
    assert [session.unpack(part) for part in said.parts[1:4]] == [{}, {}, content]
    assert said.parts[4:] == buffers


@pytest.mark.parametrize("buffers", [[], [b""], [b"\x00\xff", b"", b"abc"]], ids=len)
def test_a_frame_of_the_server_is_read_by_the_page(page: Page, buffers: list[bytes]):
    session = Session()
    message: dict[str, Any] = session.msg("comm_msg", {"comm_id": "a", "data": {"text": "½ × −3\n\U0001d11e"}})
    parts = [session.pack(message[name]) for name in ("header", "parent_header", "metadata", "content")]
    frame = serialize_msg_to_ws_v1([*parts, *buffers], "iopub")
    read = page.evaluate(
        """(frame) => {
            const { buffers, ...message } = messageIn(new Uint8Array(frame).buffer);
            return { ...message, buffers: buffers.map((each) => [...each]) };
        }""",
        list(frame),
    )
    assert (read["channel"], read["header"]["msg_id"]) == ("iopub", message["header"]["msg_id"])
    assert read["content"] == message["content"]
    assert read["buffers"] == [list(each) for each in buffers]


def write(server_folder: Path, name: str, *cells: str, text: str = "# A page") -> None:
    python = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    written = [nbformat.v4.new_markdown_cell(text), *map(nbformat.v4.new_code_cell, cells)]
    nbformat.write(
        nbformat.v4.new_notebook(cells=written, metadata={"kernelspec": python}), server_folder / f"{name}.ipynb"
    )


def computes(page: Page) -> None:
    """A change of the lesson is answered by its kernel."""
    page.get_by_role("button", name="full").click()
    expect(PlayerOnPage(page).readout).to_contain_text("49", timeout=LIMIT_MS)


def test_a_lesson_needs_no_program_of_voilas(visit_voila: VisitVoila):
    page = visit_voila("01_sliding_window").page
    computes(page)
    loaded = page.evaluate(PROGRAMS)
    assert [name for name in loaded if name.endswith(".js")] == ["lesson.js"]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ((LESSON, OTHER), "# A lesson and another widget"),
        ((LESSON, HTML), "# A lesson and a text"),
        ((LESSON,), "# A lesson\n\n$$a \\buildrel \\star \\over = b$$"),
    ],
    ids=["widget", "text", "formula"],
)
def test_a_page_with_other_things_is_shown_by_voilas_program(
    visit_voila: VisitVoila, notebooks: Path, cells: tuple[str, ...], text: str
):
    write(notebooks, "other", *cells, text=text)
    page = visit_voila("other").page
    assert "voila.js" in page.evaluate(PROGRAMS)
    expect(page.locator(".convviz-player")).to_have_count(1)
    computes(page)


def test_a_page_of_voilas_takes_our_widgets_and_starts_nothing(visit_voila: VisitVoila):
    visit = visit_voila()
    page = visit.page
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    visit.open("sample")
    expect(page.locator(".convviz-player")).to_have_attribute("data-shown", "0", timeout=LIMIT_MS)
    page.get_by_role("button", name="next step").click()
    expect(page.locator(".convviz-player")).to_have_attribute("data-shown", "1", timeout=LIMIT_MS)
    assert "lesson.js" in page.evaluate(PROGRAMS)
    assert len(sockets) == 1
    assert page.evaluate(PROGRAMS).count("voila.js") == 1


def test_a_page_is_connected_while_its_cells_run_and_needs_not_ask_for_widgets(
    browser: Browser, voila_server: Server, notebooks: Path, visits: list[Visit], tmp_path: Path
):
    heard = tmp_path / "heard"
    write(notebooks, "patient", WAITS.format(str(heard)), LESSON)
    visits.append(visit := VoilaVisit(browser, voila_server))
    said: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: said.append(data if isinstance(data, bytes) else data.encode()))
        socket.on("framereceived", lambda data: heard.touch())

    visit.page.on("websocket", listen)
    visit.open("patient")
    computes(visit.page)
    assert said
    assert not [frame for frame in said if b"request_states" in frame]


SAYS_LATE = """async () => {
  const said = [];
  const say = (type, { data }) => {
    const message = { id: said.length, data };
    const isDone = new Promise((done) => Object.assign(message, { done }));
    said.push(message);
    return Object.assign(isDone, { id: message.id });
  };
  let hear;
  const widgets = new Widgets((take) => ((hear = take), { say }));
  const model = widgets.modelOf({ id: "player", state: { index: 16 } });
  const says = (parent, index) => {
    hear("comm_msg", { comm_id: "player", data: { method: "update", state: { index } } }, [], parent);
    return model.get("index");
  };
  const turn = (index) => (model.set("index", index), model.save_changes());
  widgets.send("desk", { type: "press" }, []);
  turn(0);
  const answers = [says(0, 8), says(1, 2)];
  turn(1);
  answers.push(says(1, 5));
  said[1].done();
  await new Promise((next) => setTimeout(next));
  answers.push(said[2].data.state.index, says(0, 7), says(2, 3));
  said[2].done();
  await new Promise((next) => setTimeout(next));
  return [...answers, says(0, 9)];
}"""


def test_what_the_reader_does_is_newer_than_what_the_kernel_says_of_the_time_before(page: Page):
    page.add_script_tag(content=WIDGETS)
    late, corrected, before, sent, later, again, after = page.evaluate(SAYS_LATE)
    assert late == 0, "a step that was taken while the kernel did something else"
    assert corrected == 2, "what the kernel makes of it"
    assert (before, sent, later) == (1, 1, 1), "the next step, while the kernel was at the last one"
    assert (again, after) == (3, 9), "all that comes later"
