"""What an administrator wants to know of a running app, in the text format that Prometheus reads."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_OPEN_S = (0.5, 1, 2, 3, 5, 8, 13, 21, 34)


class Measures:
    """Counts and times since the server started. No text of a visitor is among them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        how: Any = {"namespace": "convviz", "registry": self._registry}
        self.kernels = Gauge("kernels", "Kernels that belong to a page.", **how)
        self.starting = Gauge("kernels_starting", "Kernels that pages wait for.", **how)
        self.room = Gauge("kernels_most", "Kernels that there may be at a time.", **how)
        self.sockets = Gauge("websockets", "Pages that are connected to their kernels.", **how)
        self.starts = Counter("kernel_starts", "Kernels given to pages.", **how)
        self._ends = Counter("kernel_ends", "Kernels that ended, by reason.", ["reason"], **how)
        self._refusals = Counter("refusals", "What strangers were refused, by kind.", ["kind"], **how)
        self.opening = Histogram(
            "page_open_seconds", "From a page being asked for to its kernel's websocket.", buckets=_OPEN_S, **how
        )

    def ended(self, reason: str) -> None:
        """Count the end of a kernel."""
        self._ends.labels(reason).inc()

    def refused(self, kind: str) -> None:
        """Count a refusal."""
        self._refusals.labels(kind).inc()

    def text(self) -> bytes:
        """Write all of it down."""
        return generate_latest(self._registry)


MEASURES = Measures()
"""Those of this server."""
