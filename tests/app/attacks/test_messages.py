"""Attacks through the websocket: a page may speak with its widgets, and with nothing else."""

import contextlib
import json
import uuid
from typing import Any

import psutil
import pytest
import websocket

from convviz.app.connections import MESSAGES, MOST_SOCKETS, MOST_UNREAD
from convviz.app.wire import MOST_BYTES
from tests.app.attacks.stranger import Page, attack, memory, packed, until

_REQUESTS = "execute complete inspect history is_complete shutdown interrupt debug apply abort clear usage connect"
BLOCKED = [f"{name}_request" for name in (*_REQUESTS.split(), "create_subshell", "delete_subshell", "list_subshell")]
BLOCKED += ["input_reply", "status", "stream", "Execute_Request", "execute_request "]
CODE = {"code": "import os; os._exit(1)", "silent": False, "user_expressions": {"a": "exit()"}}
MOST_GROWTH_MB = 40
"""Of the server, in a single attack: what waits to be read, and what the allocator keeps."""


@pytest.fixture
def pid(server):
    return server.pid


def players(page: Page) -> list[str]:
    return [name for name, state in page.widgets().items() if str(state.get("_anywidget_id")).endswith(".Player")]


def is_refused(page: Page, data: bytes | str) -> None:
    """The websocket is closed as it should be with those who break the rules, and the kernel is still there."""
    page.again()
    with contextlib.suppress(ConnectionError, websocket.WebSocketException):
        (page.socket.send if isinstance(data, str) else page.socket.send_binary)(data)
    assert page.is_closed() in (1006, 1008, 1009)
    page.again()


@attack("A client of the older websocket protocol")
def test_the_older_protocol_is_refused(stranger, page):
    for offered in ([], ["v2.kernel.websocket.jupyter.org"], ["legacy"], ["v1.kernel.websocket.jupyter.orgs"]):
        with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
            stranger.socket(page.kernel_id, subprotocols=offered)
    page.works()


@attack("A frame that claims millions of parts")
def test_a_frame_of_millions_of_parts_costs_nothing(page, pid):
    before, started = memory(pid), psutil.Process(pid).cpu_times().user
    for count in (0, 5, 65, 10**7, 10**8, 2**63, 2**64 - 1):
        is_refused(page, count.to_bytes(8, "little"))
        is_refused(page, count.to_bytes(8, "little") + b"\x00" * 400)
    assert memory(pid) - before < MOST_GROWTH_MB
    assert psutil.Process(pid).cpu_times().user - started < 2


@attack("A frame whose parts overlap or lie outside")
def test_offsets_are_those_of_the_frame(page):
    good = page.frame("kernel_info_request", {})
    for at in range(1, 7):
        for wrong in (0, 8, len(good) + 1, 2**62):
            is_refused(page, good[: 8 * at] + wrong.to_bytes(8, "little") + good[8 * at + 8 :])
    is_refused(page, good + b"more")
    is_refused(page, good[:-1])


@attack("Frames that are no messages")
def test_what_is_no_message_is_refused(page):
    for data in (
        b"",
        b"\x00",
        b"\xff" * 100,
        "{}",
        json.dumps({"header": {"msg_type": "execute_request"}, "channel": "shell"}),
    ):
        is_refused(page, data)
    for header in (
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"msg_type": 3}',
        b"\xff",
        b"[" * 4000,
        b'{"msg_type":' * 300,
        b"{" + b" " * 5000,
    ):
        is_refused(page, packed(b"shell", header, b"{}", b"{}", b"{}"))
    for content in (3, [], None, "text"):
        is_refused(page, page.frame("comm_msg", content))


@attack("A message that is nested a hundred thousand times")
def test_deep_messages_do_no_harm(page):
    header = json.dumps(
        {"msg_id": "1", "msg_type": "comm_msg", "session": "1", "username": "", "date": "", "version": "5.2"}
    )
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    for parts in ((b"{}", b"{}", deep), (deep, b"{}", b"{}"), (b"{}", deep, b"{}")):
        page.socket.send_binary(packed(b"shell", header.encode(), *parts))
    page.works()
    is_refused(page, packed(b"shell", header.replace("comm_msg", "comm_open").encode(), b"{}", b"{}", deep))


@attack("A message of more than 5 MB")
def test_huge_messages_are_refused(page):
    is_refused(page, page.frame("comm_msg", {"comm_id": "x", "data": {}}, buffers=[bytes(MOST_BYTES)]))
    is_refused(page, page.frame("comm_msg", {"comm_id": "x", "data": {"a": "a" * 2**21}}))


@attack("Running code: execute_request and every other message that no lesson sends")
def test_no_other_message_reaches_the_kernel(page, stranger):
    before = stranger.measured('refusals_total{kind="message"}')
    for kind in BLOCKED:
        for channel in ("shell", "control"):
            page.send(kind, CODE, channel=channel)
    page.works()
    assert stranger.measured('refusals_total{kind="message"}') - before == 2 * len(BLOCKED)


@attack("The same messages on the older protocol")
def test_no_message_of_the_older_protocol_reaches_the_kernel(page):
    for kind in BLOCKED[:9]:
        header = {"msg_id": "1", "msg_type": kind, "session": "1", "username": "", "version": "5.2"}
        is_refused(
            page,
            json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": CODE, "channel": "shell"}),
        )


@attack("Ending the kernel with shutdown_request")
def test_a_kernel_is_not_shut_down_by_a_message(page):
    for restart in (True, False):
        for channel in ("shell", "control"):
            page.send("shutdown_request", {"restart": restart}, channel=channel)
    page.works()
    assert page.is_there()


@attack("Messages on other channels")
def test_other_channels_are_closed(page, stranger):
    before = stranger.measured('refusals_total{kind="message"}')
    for channel in ("stdin", "iopub", "hb", "", "shell\x00", "../control", "\xff" * 20):
        page.send("comm_info_request", {}, channel=channel)
    page.works()
    assert stranger.measured('refusals_total{kind="message"}') - before == 7


@attack("Making widgets of one's own in the kernel")
def test_no_widget_is_made_from_outside(page, stranger):
    before = set(page.widgets())
    state = {"_model_module": "@jupyter-widgets/controls", "_model_name": "FileUploadModel", "_view_name": None}
    for target in ("jupyter.widget", "jupyter.widget.version", "matplotlib", "", None, 1):
        for _ in range(20):
            content = {"comm_id": uuid.uuid4().hex, "target_name": target, "data": {"state": state}}
            page.send("comm_open", {**content, "target_module": "os"})
    page.works()
    assert set(page.widgets()) == before


@attack("Crowding around somebody's kernel with websockets")
def test_a_kernel_has_two_websockets_at_most(stranger, page):
    opened, refusals = [], []
    for _ in range(10):
        try:
            opened.append(stranger.socket(page.kernel_id))
        except websocket.WebSocketBadStatusException as error:
            refusals.append(error.status_code)
    assert refusals == [429] * (10 - len(opened))
    assert len(opened) == MOST_SOCKETS - 1
    assert stranger.measured("websockets") <= MOST_SOCKETS
    page.works()
    for one in opened:
        one.shutdown()
    until(lambda: stranger.measured("websockets") == 1)


@attack("Asking for everything and reading nothing")
def test_what_is_not_read_is_bounded(page, pid):
    names, before = players(page), memory(pid)
    with contextlib.suppress(ConnectionError):
        for _ in range(800):
            page.tell(names[0], {"method": "request_state"})
    until(lambda: page.stranger.measured('refusals_total{kind="unread"}') > 0)
    assert memory(pid) - before < MOST_UNREAD / 2**20 + MOST_GROWTH_MB
    page.again()


@attack("Ten thousand frames wanted, and the tab closed")
def test_frames_that_nobody_reads_are_bounded(page, pid):
    [player, *_] = players(page)
    before = memory(pid)
    for _ in range(20):
        page.custom(player, {"type": "want", "picture": 0, "generation": 1, "keys": [*range(-5000, 5000)]})
    page.again()
    assert memory(pid) - before < MOST_GROWTH_MB


@attack("The same frame wanted again and again")
def test_a_frame_is_delivered_once(page):
    [player, *_] = players(page)

    def want(keys):
        generation = page.widgets()[player]["pictures"][0]["generation"]
        page.custom(player, {"type": "want", "picture": 0, "generation": generation, "keys": keys})

    want([2])  # instead of what was wanted before
    page.wait(lambda kind, said: frame_of(said) == 2)
    want([1] * 3000)
    page.wait(lambda kind, said: frame_of(said) == 1)
    want([3])
    keys = []
    page.wait(lambda kind, said: keys.append(frame_of(said)) or keys[-1] == 3)
    assert 1 not in keys


def frame_of(said: dict[str, Any]) -> int | None:
    """The key of a frame that is delivered; of any other message, nothing."""
    content = said.get("data", {}).get("content", {}) if isinstance(said.get("data"), dict) else {}
    return content.get("key") if content.get("type") == "frame" else None


@attack("Values that no page sends")
def test_odd_values_leave_the_lesson_as_it_was(page):
    widgets = page.widgets()
    desk = next(name for name, state in widgets.items() if str(state.get("_anywidget_id")).endswith(".Desk"))
    content = widgets[desk]["content"]
    names = [control["name"] for group in content["groups"] for control in group["controls"]]
    for name in [*names, "__class__", "state", ""]:
        for value in (10**9, -1, "9" * 60, "1e999999", None, [1], {"max": 10**6, "value": 10**6}, "1/0", True):
            page.custom(desk, {"type": "use", "name": name, "value": value})
    for kind in ("guess", "visit", "download", "reveal", "__init__", "close", None, 3):
        page.custom(desk, {"type": kind, "value": {"__class__": "int"}})
    page.custom(desk, {"type": "reset"})
    page.works()
    after = page.widgets()[desk]["content"]
    assert [group["controls"] for group in after["groups"]] == [group["controls"] for group in content["groups"]]


@attack("Limits of widgets rewritten by the page")
def test_limits_are_not_the_pages(page):
    for name, state in page.widgets().items():
        odd = {key: 10**9 for key in state if not key.startswith("_")}
        page.tell(name, {"method": "update", "state": {**odd, "max": 10**6, "value": 10**6}, "buffer_paths": []})
    [player, *_] = players(page)
    page.custom(
        player, {"type": "look", "picture": 0, "width": 10**9, "density": 10**9, "dark": False, "channel": 10**9}
    )
    page.custom(
        player,
        {"type": "edit", "picture": 0, "number": 1, "operand": "x", "cell": [0, 0], "text": "9" * 10**5, "live": False},
    )
    page.works()


@attack("Addresses of lessons with a million characters")
def test_long_addresses_of_lessons_are_read_quickly(page):
    desk = next(name for name, state in page.widgets().items() if str(state.get("_anywidget_id")).endswith(".Desk"))
    for search in (
        "?x=" + "1," * 400_000,
        "?" + "a=1&" * 200_000,
        "[" * 900_000,
        "?step=" + "9" * 5000,
        "?stride=" + "9" * 900_000,
    ):
        page.custom(desk, {"type": "visit", "search": search})
    page.works()


@attack("Reading file names and code out of errors")
def test_errors_tell_nothing_of_the_program(page):
    for name, state in page.widgets().items():
        for key in [*state][::20]:
            page.tell(name, {"method": "update", "state": {key: [[1]]}, "buffer_paths": [[key, 0, "x"]]})
        page.tell(name, {"method": 3})
        page.tell(name, 3)
    page.send("comm_msg", {})
    page.send("comm_msg", {"comm_id": [1], "data": None})
    page.send("kernel_info_request", {})
    for header, content, _ in page.heard():
        assert header["msg_type"] not in ("execute_input", "stream")
        text = json.dumps(content)
        assert "Traceback" not in text
        assert "site-packages" not in text
        if header["msg_type"] == "kernel_info_reply":
            break


def works_again(page: Page) -> bool:
    """Whether the kernel is reached again: what may be sent comes back with time."""
    with contextlib.suppress(ConnectionError, websocket.WebSocketException):
        page.again()
        return True
    return False


@attack("A flood of messages")
def test_a_flood_of_messages_is_cut_off(page, stranger):
    before = stranger.measured('refusals_total{kind="flood"}')
    with contextlib.suppress(ConnectionError, websocket.WebSocketException):
        for _ in range(MESSAGES[0] + 3000):
            page.socket.send_binary(page.frame("comm_info_request", {"target_name": "none"}))
    assert page.is_closed() in (1006, 1008)
    assert stranger.measured('refusals_total{kind="flood"}') > before
    until(lambda: works_again(page))
