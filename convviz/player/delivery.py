"""Work done in the background, one piece at a time, always leaving room for what else there is to do."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable

_log = logging.getLogger(__name__)


class Delivery:
    """Hand out frames one by one from an asyncio task: no thread, so that it runs in the browser's Python too.

    Parameters
    ----------
    deliver : callable
        Called with one key after another. What it raises is logged, and the next key is taken.
    """

    def __init__(self, deliver: Callable[[int], None]) -> None:
        self._deliver = deliver
        self._wanted: deque[int] = deque()
        self._task: asyncio.Task[None] | None = None

    def want(self, keys: Iterable[int]) -> None:
        """Deliver these keys, in this order, instead of what was still wanted.

        Where no event loop runs, as in a plain Python program, nobody looks and nothing is delivered.
        """
        self._wanted = deque(keys)
        if self._task is not None and not self._task.done():
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._run())

    def stop(self) -> None:
        """Deliver nothing more."""
        self._wanted.clear()

    async def _run(self) -> None:
        while self._wanted:
            key = self._wanted.popleft()
            try:
                self._deliver(key)
            except Exception:
                _log.exception("frame %d could not be drawn", key)
            await asyncio.sleep(0)
