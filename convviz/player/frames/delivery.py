"""Work done in the background, one piece at a time, always leaving room for what else there is to do."""

import asyncio
import logging
from collections.abc import Callable, Iterable

_log = logging.getLogger(__name__)
_PAUSE_S = 0.001
"""Time, and not just a turn of the loop: a message from the page goes through several turns until it is heard, and each
of them would wait for a frame."""


class Delivery:
    """Hand out frames one by one from an asyncio task: no thread, so that it runs in the browser's Python too.

    Parameters
    ----------
    deliver : callable
        Called with one key after another. What it raises is logged, and the next key is taken.
    """

    def __init__(self, deliver: Callable[[int], None]) -> None:
        self._deliver = deliver
        self._order: object = None
        self._task: asyncio.Task[None] | None = None

    def want(self, keys: Iterable[int]) -> None:
        """Deliver these keys, in this order, instead of what was still wanted.

        Where no event loop runs, as in a plain Python program, nobody looks and nothing is delivered.
        """
        self.stop()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        # Each order has a task of its own, in the loop of whoever asks: JupyterLab passes messages to the kernel's
        # main thread at one time and to a thread beside it at another.
        self._order = order = object()
        self._task = loop.create_task(self._run(order, tuple(keys)))

    def stop(self) -> None:
        """Deliver nothing more of what was wanted so far."""
        self._order = None

    async def _run(self, order: object, keys: tuple[int, ...]) -> None:
        for key in keys:
            if self._order is not order:
                return
            try:
                self._deliver(key)
            except Exception:
                _log.exception("frame %d could not be drawn", key)
            await asyncio.sleep(_PAUSE_S)
