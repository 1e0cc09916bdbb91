"""The pictures of a player: what each of them shows, and which of its frames are on their way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from threading import RLock
from typing import Any

from convviz.player.frames.delivery import Delivery
from convviz.player.frames.film import SceneMaker
from convviz.player.frames.still import Still, still
from convviz.player.showing import Showing
from convviz.trace import Step, Trace

MOST_WANTED = 64
"""Frames that a page may ask for at a time; it asks for the next ones when these have come."""


class Gallery:
    """Some pictures side by side.

    Parameters
    ----------
    traces : sequence of Trace
        What they show.
    makers : sequence of callable
        What draws each.
    index : int
        The step that is looked at.
    send : callable
        Called with each frame that was asked for: what it says, and its pixels as PNG.
    """

    def __init__(
        self,
        traces: Sequence[Trace[Step]],
        makers: Sequence[SceneMaker],
        *,
        index: int,
        send: Callable[[dict[str, Any], bytes], None],
    ) -> None:
        # JupyterLab lets widgets' messages be handled in a thread beside the one that runs the cells.
        self.lock = RLock()
        self.showings = [Showing(trace=trace, maker=maker) for trace, maker in zip(traces, makers, strict=True)]
        self.pictures = [showing.picture(index) for showing in self.showings]
        self._deliveries = [Delivery(partial(self._deliver, number)) for number in range(len(traces))]
        self._send = send

    @property
    def last(self) -> int:
        """The last step of the longest trace."""
        return max(len(showing.trace) for showing in self.showings) - 1

    @property
    def generations(self) -> list[int]:
        """Which picture each one is; newer ones have larger numbers."""
        return [showing.generation for showing in self.showings]

    def show(self, traces: Sequence[Trace[Step]], index: int) -> None:
        """Show other traces in all pictures; where one cannot be drawn, all stay as they are."""
        if len(traces) != len(self.showings):
            raise ValueError(
                f"traces has {len(traces)} entries; accepted: one for each of {len(self.showings)} pictures"
            )
        generation, revision = max(self.generations) + 1, self.showings[0].revision + 1
        others: dict[int, Showing] = {}
        for showing in self.showings:
            showing.film.rest()
        try:
            for number, (old, trace) in enumerate(zip(self.showings, traces, strict=True)):
                others[number] = replace(old, trace=trace, generation=generation, revision=revision)
            self._take(others, index)
        except BaseException:
            for showing in others.values():
                showing.film.release()
            raise

    def look(self, number: int, seen: dict[str, Any], index: int) -> bool:
        """Draw a picture for another look, which the browser describes; tell whether that made a difference."""
        showing = self.showings[number].looked_at(seen, max(self.generations) + 1)
        is_other = showing is not self.showings[number]
        if is_other:
            self.showings[number].film.rest()
            self._take({number: showing}, index)
        return is_other

    def still(self, titles: Sequence[str], index: int) -> Still:
        """Put all pictures together as they are at a step."""
        with self.lock:
            return still([showing.film for showing in self.showings], titles, index)

    def want(self, number: int, generation: int, keys: Iterable[Any]) -> None:
        """Deliver these frames of a picture instead of those that were wanted before, if it is still the same one.

        Each of them once, and so many that a page that goes away leaves little work behind.
        """
        showing = self.showings[number]
        if generation == showing.generation:
            known = dict.fromkeys(key for key in keys if type(key) is int and key in showing.film.keys)
            self._deliveries[number].want(islice(known, MOST_WANTED))

    def stop(self) -> None:
        """Deliver nothing more."""
        for delivery in self._deliveries:
            delivery.stop()

    def _take(self, others: dict[int, Showing], index: int) -> None:
        made = {number: showing.picture(index) for number, showing in others.items()}
        for number, showing in others.items():
            self._deliveries[number].stop()
            self.showings[number].film.release()
            self.showings[number] = showing
        self.pictures = [made.get(number, picture) for number, picture in enumerate(self.pictures)]

    def _deliver(self, number: int, key: int) -> None:
        with self.lock:
            frame, png = self.showings[number].frame(key)
        self._send({**frame, "picture": number}, png)
