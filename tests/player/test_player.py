"""The Player from the kernel's side: what it tells the browser, and what it makes of the browser's answers."""

import asyncio
import gc
import logging
import weakref
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from convviz import convolve, correlate
from convviz.player import Player, show
from convviz.player.gallery import MOST_WANTED
from convviz.player.showing import MOST_PIXELS
from convviz.scenes import dot_product, sliding_window
from convviz.theme import Look

X = np.arange(25).reshape(5, 5)
W = [[1, 2], [3, 4]]


class Page:
    """The browser's end of the wire: it keeps what the kernel sends."""

    comm_id = "page"
    kernel = object()

    def __init__(self, player):
        self.player = player
        self.sent = []
        player.comm = self

    def on_msg(self, callback):
        pass

    def close(self):
        self.closed = True

    def send(self, data, buffers=None):
        self.sent.append((data, [bytes(buffer) for buffer in buffers or []]))

    def say(self, **message):
        self.player._handle_custom_msg(message, [])

    def want(self, *keys, picture=0, generation=None):
        generation = generation or self.player.pictures[picture]["generation"]
        self.say(type="want", picture=picture, generation=generation, keys=list(keys))

    @property
    def updates(self):
        return [data["state"] for data, _ in self.sent if data["method"] == "update"]

    @property
    def frames(self):
        return [(data["content"], buffers) for data, buffers in self.sent if data["method"] == "custom"]

    @property
    def keys(self):
        return [content["key"] for content, _ in self.frames]


async def settled():
    """Let every task finish that is under way."""
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})


def pixels(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def test_the_first_message_holds_the_whole_picture_and_the_frame_looked_at():
    trace = correlate(X, W)
    player = Player(trace, index=3, interval_ms=200, loop=True)
    state = player.get_state()
    assert (state["index"], state["interval_ms"], state["loop"], state["hover"]) == (3, 200, True, "")
    [picture] = state["pictures"]
    assert (picture["generation"], picture["count"], picture["flips"]) == (1, 16, 0)
    assert picture["first"]["key"] == 3
    assert picture["first"]["caption"] == trace[3].describe()
    scene = sliding_window(trace, Look())
    assert picture | scene.about() == picture
    assert picture["first"]["texts"]["output"] == [str(value) for value in trace.output.flat[:4]] + [""] * 12
    assert picture["size"] == list(scene.size)
    assert pixels(picture["first"]["png"]).shape == (scene.size[1], scene.size[0], 3)


def test_script_and_style_travel_with_the_widget():
    player = Player(correlate(X, W))
    assert "export default" in player._esm
    assert ".convviz-player" in player._css


def test_what_is_pointed_at_is_not_brought_back_to_who_points():
    """An echo of a moment before would put out what a finger has just lit."""
    page = Page(Player(convolve(X, W)))
    page.player.set_state({"hover": '{"at": []}', "loop": True})
    assert [data["state"] for data, _ in page.sent if data["method"] == "echo_update"] == [{"loop": True}]
    assert page.player.hover == '{"at": []}'


def test_room_is_kept_for_the_longest_caption():
    trace = correlate([1, 2, 333, 4], [5, 6])
    assert Player(trace).pictures[0]["longest"] == max((step.describe() for step in trace), key=len)


async def test_wanted_frames_come_in_the_order_asked_for():
    trace = convolve(X, W)
    player = Player(trace)
    page = Page(player)
    page.want(2, 0, -1, 35)
    await settled()
    assert page.keys == [2, 0, -1, 35]
    assert all(content["type"] == "frame" and content["generation"] == 1 for content, _ in page.frames)
    assert all(content["picture"] == 0 for content, _ in page.frames)
    contents = {content["key"]: content for content, _ in page.frames}
    assert contents[2]["caption"] == trace[2].describe()
    assert contents[2]["texts"]["products"] == [str(value) for value in trace[2].products.flat]
    assert "flips the kernel" in contents[-1]["caption"]
    assert set(contents[-1]["texts"]["products"]) == {""}
    [fresh] = [buffers[0] for content, buffers in page.frames if content["key"] == 0]
    assert np.array_equal(pixels(fresh), pixels(player.pictures[0]["first"]["png"]))


async def test_a_page_gets_each_frame_once_and_not_too_many_at_a_time():
    page = Page(Player(correlate(np.arange(400).reshape(20, 20), W)))
    page.want(*[7] * 3000, 8, *range(361))
    await settled()
    assert page.keys[:2] == [7, 8]
    assert len(page.keys) == len(set(page.keys)) == MOST_WANTED


async def test_the_flip_of_a_vector_has_words_of_its_own():
    page = Page(Player(convolve([1, 2, 3], [4, 5])))
    page.want(-1)
    await settled()
    assert page.frames[0][0]["caption"] == "Convolution flips the kernel first: its last number becomes its first."


async def test_a_newer_wish_replaces_the_older_one():
    page = Page(Player(correlate(X, W)))
    page.want(1, 2, 3, 4, 5)
    await asyncio.sleep(0)
    assert page.keys == [1]
    page.want(9, 10)
    await settled()
    assert page.keys == [1, 9, 10]


async def test_a_new_trace_drops_what_was_wanted_of_the_old_one():
    player = Player(correlate(X, W))
    page = Page(player)
    page.want(1, 2, 3)
    await asyncio.sleep(0)
    player.trace = correlate(X, [[5]])
    page.want(7, 8, generation=1)
    await settled()
    assert page.keys == [1]


@pytest.mark.parametrize("keys", [[16], [-1], [10**9], ["0"], [True], [1.0], [None], [[0]]])
async def test_frames_that_do_not_exist_are_not_sent(keys):
    page = Page(Player(correlate(X, W)))
    page.want(*keys, 4)
    await settled()
    assert page.keys == [4]


@pytest.mark.parametrize(
    "message",
    [
        None,
        "look",
        {},
        {"type": "want"},
        {"type": "want", "picture": 0, "generation": 1, "keys": 3},
        {"type": "want", "picture": 1, "generation": 1, "keys": [3]},
        {"type": "want", "picture": "0", "generation": 1, "keys": [3]},
        {"type": "frame", "picture": 0},
    ],
)
async def test_messages_that_make_no_sense_change_nothing_and_are_logged(message, caplog):
    player = Player(correlate(X, W))
    page = Page(player)
    player._handle_custom_msg(message, [])
    await settled()
    assert page.sent == []
    assert "makes no sense" in caplog.text
    assert len(caplog.text) < 400


async def test_a_frame_that_cannot_be_drawn_is_logged_and_the_next_one_sent(caplog):
    def brittle(trace, look):
        scene = sliding_window(trace, look)
        draw = scene.draw
        scene.draw = lambda index: draw(index) if index != 2 else 1 / 0
        return scene

    page = Page(Player(correlate(X, W), scene=brittle))
    with caplog.at_level(logging.ERROR):
        page.want(2, 3)
        await settled()
    assert page.keys == [3]
    assert "frame 2 could not be drawn" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_without_an_event_loop_nothing_is_rendered_in_the_background():
    page = Page(Player(correlate(X, W)))
    page.want(1, 2)
    assert page.sent == []


async def test_frames_already_sent_are_not_drawn_again():
    player = Player(correlate(X, W))
    page = Page(player)
    page.want(1, 0)
    await settled()
    drawn = counted_draws(player)
    page.want(0, 1)
    await settled()
    assert drawn == []
    assert page.keys == [1, 0, 0, 1]
    assert page.frames[0][1] == page.frames[3][1]


def counted_draws(player):
    """List the steps that are drawn from now on."""
    drawn, scene = [], player._gallery.showings[0].film.scene
    draw = scene.draw
    scene.draw = lambda index: (drawn.append(index), draw(index))
    return drawn


def test_the_memory_for_frames_sent_has_a_bound():
    from convviz.player.frames.film import Film

    film = Film(sliding_window(correlate(X, W), Look(width=320)), budget_bytes=100_000)
    total = sum(len(film.png(key)) for key in range(16))
    assert total > 150_000
    assert sum(map(len, film._kept.values())) == film._kept_bytes <= 100_000
    assert 15 in film._kept
    assert 0 not in film._kept


def test_a_new_trace_is_one_message_with_picture_and_index_together():
    player = Player(correlate(X, W), index=9)
    page = Page(player)
    player.trace = correlate(X, np.ones((4, 4), int))
    [update] = page.updates
    assert update["index"] == 3
    assert update["pictures"][0]["generation"] == 2
    assert update["pictures"][0]["first"]["key"] == 3
    assert update["pictures"][0]["first"]["caption"] == player.trace[3].describe()


def test_a_new_trace_keeps_the_step_if_it_has_it():
    player = Player(correlate(X, W), index=9)
    page = Page(player)
    player.trace = correlate(X + 1, W)
    [update] = page.updates
    assert "index" not in update
    assert player.index == 9
    assert player.pictures[0]["first"]["key"] == 9


def test_an_index_beyond_the_end_shows_the_last_step():
    player = Player(correlate(X, W), index=99)
    assert player.index == 15
    player.index = 40
    player.trace = correlate(X, W)
    assert (player.index, player.pictures[0]["first"]["key"]) == (15, 15)


def test_a_negative_index_is_refused():
    player = Player(correlate(X, W), index=2)
    with pytest.raises(TraitError, match="index is -1; accepted: 0 or more"):
        player.index = -1
    assert player.index == 2
    with pytest.raises(TraitError, match="index is -3"):
        Player(correlate(X, W), index=-3)


def test_steps_cannot_follow_faster_than_eyes_can():
    with pytest.raises(TraitError, match="interval_ms"):
        Player(correlate(X, W), interval_ms=0)


@pytest.mark.parametrize(
    ("trace", "scene", "complaint"),
    [
        ([1, 2], None, "trace is a list, which cannot be drawn; accepted: a trace"),
        (correlate(X, W), "grid", "scene is 'grid'; accepted: a function"),
    ],
)
def test_what_is_no_trace_or_scene_is_refused(trace, scene, complaint):
    with pytest.raises(TypeError, match=complaint):
        Player(trace, scene=scene)


def test_a_trace_that_cannot_be_drawn_leaves_the_old_picture():
    def particular(trace, look):
        if len(trace) != 16:
            raise ValueError("not mine")
        return sliding_window(trace, look)

    old = correlate(X, W)
    player = Player(old, scene=particular, index=5)
    page = Page(player)
    with pytest.raises(ValueError, match="not mine"):
        player.trace = correlate(X, [[1]])
    assert player.trace is old
    assert page.sent == []
    assert player.pictures[0]["generation"] == 1


def test_after_a_refusal_the_old_picture_is_drawn_as_before():
    def particular(trace, look):
        if len(trace) != 16:
            raise ValueError("not mine")
        return sliding_window(trace, look)

    player = Player(correlate(X, W), scene=particular)
    before = pixels(player._gallery.showings[0].frame(3)[1])
    with pytest.raises(ValueError, match="not mine"):
        player.trace = correlate(X, [[1]])
    assert np.array_equal(pixels(player._gallery.showings[0].frame(3)[1]), before)


def test_old_pictures_leave_memory_without_the_collector():
    player = Player(correlate(X, W), correlate(X, W))
    page = Page(player)
    gc.collect()
    gc.disable()
    try:
        old = [weakref.ref(part) for part in parts_of(player)]
        player.traces = [correlate(X + 1, W), correlate(X, W)]
        page.say(type="look", picture=1, channel=0, width=400, density=2, dark=True)
        assert [part() for part in old] == [None] * len(old)
    finally:
        gc.enable()


def parts_of(player):
    """What takes memory in a picture: its figure, what it is drawn on, and its frames."""
    films = [showing.film for showing in player._gallery.showings]
    return [part for film in films for part in (film, film.frames, film.scene.figure, film.scene.figure.canvas)]


def test_a_huge_picture_is_drawn_less_finely():
    player = Player(correlate(np.arange(4096).reshape(64, 64), W))
    page = Page(player)
    look = {"type": "look", "picture": 0, "channel": 0, "width": 1400, "density": 4, "dark": False}
    page.say(**look)
    [picture] = player.pictures
    height, width, _ = pixels(picture["first"]["png"]).shape
    assert height * width <= 1.01 * MOST_PIXELS
    assert width / height == pytest.approx(picture["size"][0] / picture["size"][1], rel=0.01)
    page.say(**look)
    assert player.pictures[0]["generation"] == picture["generation"]


def test_another_scene_can_be_chosen():
    panels = Player(correlate(X, W), scene=dot_product).pictures[0]["panels"]
    assert [panel["name"] for panel in panels] == ["window", "kernel", "products", "sum"]


def test_a_new_look_is_a_new_picture_of_the_same_step():
    player = Player(correlate(X, W), index=4)
    page = Page(player)
    page.say(type="look", picture=0, channel=0, width=400, density=2, dark=True)
    [update] = page.updates
    assert "index" not in update
    [picture] = update["pictures"]
    assert (picture["generation"], picture["first"]["key"]) == (2, 4)
    assert picture["size"][0] <= 400
    png = pixels(page.sent[0][1][0])
    assert png.shape[1] == 2 * picture["size"][0]
    assert png[0, 0].sum() < 3 * 60, "a dark page gets a dark picture"


def test_the_look_stays_for_later_traces():
    player = Player(correlate(X, W))
    page = Page(player)
    page.say(type="look", picture=0, channel=0, width=400, density=1, dark=False)
    player.trace = correlate(X + 1, W)
    assert player.pictures[0]["size"][0] <= 400


@pytest.mark.parametrize(
    ("width", "density", "dark", "seen"),
    [
        (100, 1, False, Look(width=320)),
        (5000, 9, False, Look(width=1400, density=4)),
        (700.4, 0.1, True, Look(width=700, density=0.5, dark=True)),
    ],
)
def test_looks_beyond_the_limits_are_brought_within_them(width, density, dark, seen):
    player = Player(correlate(X, W))
    Page(player).say(type="look", picture=0, channel=0, width=width, density=density, dark=dark)
    assert player._gallery.showings[0].look == seen


@pytest.mark.parametrize(
    "look",
    [
        {"width": 960, "density": 1.0, "dark": False},
        {"width": None, "density": 1, "dark": False},
        {"width": "400", "density": 1, "dark": False},
        {"width": 400, "density": float("nan"), "dark": False},
        {"width": float("inf"), "density": 1, "dark": False},
        {"width": True, "density": 1, "dark": False},
        {"width": 400, "density": 1, "dark": 1},
        {"width": 400},
        {"width": 400, "density": 1, "dark": False, "channel": -1},
        {"width": 400, "density": 1, "dark": False, "channel": True},
    ],
)
def test_the_same_look_or_nonsense_makes_no_new_picture(look):
    player = Player(correlate(X, W))
    page = Page(player)
    page.say(**{"type": "look", "picture": 0, "channel": 0} | look)
    assert page.sent == []


async def test_closing_stops_the_background_work():
    player = Player(correlate(X, W))
    page = Page(player)
    page.want(*range(16))
    await asyncio.sleep(0)
    player.close()
    await settled()
    assert page.keys == [0]
    assert page.closed


async def test_closing_twice_is_no_error():
    player = Player(correlate(X, W))
    player.close()
    player.close()


def test_show_is_the_short_way_to_a_player():
    player = show(correlate(X, W), scene=dot_product, index=2)
    assert isinstance(player, Player)
    assert player.index == 2


def test_a_player_that_could_not_be_made_leaves_no_noise(recwarn):
    with pytest.raises(TypeError):
        Player(None)
    gc.collect()
    assert not recwarn.list


# ---- several pictures


def test_several_traces_are_several_pictures_of_one_player():
    first, second = correlate(X, W), convolve(X, W)
    player = Player(first, second, scene=(dot_product, sliding_window), index=20)
    assert player.trace is first
    assert player.traces == (first, second)
    assert [picture["count"] for picture in player.pictures] == [16, 36]
    assert [picture["first"]["key"] for picture in player.pictures] == [15, 20], "each shows its last step at most"
    assert player.index == 20


def test_other_traces_come_in_one_message():
    player = Player(correlate(X, W), convolve(X, W))
    page = Page(player)
    traces = [correlate(X + 1, W), convolve(X + 1, W)]
    player.show(traces)
    [update] = page.updates
    assert [picture["generation"] for picture in update["pictures"]] == [2, 2]
    assert [picture["revision"] for picture in update["pictures"]] == [2, 2]
    assert player.traces == tuple(traces)
    player.traces = traces[::-1]
    assert player.trace is traces[1]
    player.trace = traces[0]
    assert player.traces == (traces[0], traces[0])


def test_where_one_of_several_cannot_be_drawn_all_stay():
    player = Player(correlate(X, W), convolve(X, W))
    page, before = Page(player), player.traces
    with pytest.raises(TypeError, match="trace is a NoneType"):
        player.show([correlate(X + 1, W), None])
    assert player.traces == before
    assert page.sent == []


@pytest.mark.parametrize("traces", [[], [correlate(X, W)] * 3])
def test_there_are_as_many_traces_as_pictures(traces):
    player = Player(correlate(X, W), convolve(X, W))
    with pytest.raises(ValueError, match=r"traces has \d entries; accepted: one for each of 2 pictures"):
        player.show(traces)
    with pytest.raises(ValueError, match="scene has 3 entries; accepted: one for all pictures, or one for each of 2"):
        Player(correlate(X, W), convolve(X, W), scene=[dot_product] * 3)


async def test_each_picture_has_its_own_look_and_frames():
    player = Player(correlate(X, W), convolve(X, W))
    page = Page(player)
    page.say(type="look", picture=1, width=400, density=1, dark=False, channel=0)
    [update] = page.updates
    assert [picture["generation"] for picture in update["pictures"]] == [1, 2]
    assert [picture["revision"] for picture in update["pictures"]] == [1, 1], "the numbers are the same"
    page.want(1, 2, picture=0)
    page.want(3, picture=1)
    await settled()
    assert sorted((content["picture"], content["key"]) for content, _ in page.frames) == [(0, 1), (0, 2), (1, 3)]


@pytest.mark.parametrize(
    ("panel", "cell", "key", "text"),
    [
        ("input", [0, 3, 30], 0, "150"),
        ("window", [0, 1, 1], 41, "83"),
        ("output", [0, 0, 2], 2, "306"),
        ("output", [0, 0, 3], 2, ""),
    ],
)
def test_a_cell_in_colours_can_be_read(panel, cell, key, text):
    player = Player(correlate(np.arange(1600).reshape(40, 40), W))
    page = Page(player)
    message = {"type": "read", "picture": 0, "generation": 1, "panel": panel, "cell": cell, "key": key}
    page.say(**message)
    [(answer, _)] = page.frames
    assert answer == {**message, "type": "reading", "text": text}


@pytest.mark.parametrize(
    "wrong",
    [{"cell": [0, 5, 0]}, {"cell": 3}, {"panel": "sum"}, {"panel": []}, {"key": 99}, {"key": "0"}, {"generation": 7}],
)
def test_a_cell_that_is_not_there_is_not_read(wrong):
    page = Page(Player(correlate(X, W)))
    page.say(**{"type": "read", "picture": 0, "generation": 1, "panel": "input", "cell": [0, 0, 0], "key": 0} | wrong)
    assert page.frames == []
