"""What a kernel may use of the machine, and what it is told of it. Only the standard library: kernels start with it."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from convviz.app.seccomp import forbid_network
from convviz.javascript import PROGRAM

MOST_DATA = 800 * 2**20
"""Bytes that a kernel may hold; beyond, an allocation fails with a MemoryError, and the lesson works on."""
OWN_FILES, VISITOR_FILES, MOST_FILES = 100, 20, 2**16
"""Files that the server needs itself, that each visitor adds (17 were measured), and more than enough."""
_QUIET_FILES = 40
"""Of its own files those that are no connections: 18 were measured."""
_FEWEST_CONNECTIONS = 16
"""Enough to answer that there is no room."""
COURTESY = 5
"""By so much kernels stand back behind the server, which has to answer all visitors."""
_PYTHON = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_PLACE = ("LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR", "XDG_CACHE_HOME")
_WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS")
_KEPT = frozenset((*_PYTHON, *_PLACE, *_WINDOWS, PROGRAM))
"""Variables that a Python needs to find its parts, and a lesson to find its program."""
_KEPT_BEGINNINGS = ("LC_", "COVERAGE_")
_ONE_CORE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def environment(variables: Mapping[str, str], home: str) -> dict[str, str]:
    """Return what a kernel is told: nothing of the server's secrets, and nothing of who asked for the page.

    Parameters
    ----------
    variables : mapping of str to str
        The server's own.
    home : str
        A folder that the kernel may take for its home.

    Examples
    --------
    >>> told = environment({"PATH": "/bin", "DATABASE_PASSWORD": "swordfish", "QUERY_STRING": "stride=2"}, "k")
    >>> sorted(told.items())[:4]
    [('HOME', 'k'), ('IPYTHONDIR', 'k'), ('JUPYTER_RUNTIME_DIR', 'k'), ('MKL_NUM_THREADS', '1')]
    >>> "DATABASE_PASSWORD" in told, "QUERY_STRING" in told
    (False, False)
    """
    kept = {
        name: value for name, value in variables.items() if name.upper() in _KEPT or name.startswith(_KEPT_BEGINNINGS)
    }
    # matplotlib keeps a list of this computer's fonts: to make another one for each kernel would take seconds.
    cache = kept.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118
    own = dict.fromkeys(("HOME", "USERPROFILE", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"), home)
    # A kernel that starts while the server ends finds no home any more, which nobody needs to hear.
    own["PYTHONWARNINGS"] = "ignore::UserWarning:IPython.paths"
    return {**kept, "XDG_CACHE_HOME": cache, **dict.fromkeys(_ONE_CORE, "1"), **own}


def room_for_visitors(wanted: int) -> int:
    """Let this process open as many files as the system allows; return how many visitors that is enough for.

    Parameters
    ----------
    wanted : int
        How many there shall be at most.

    Examples
    --------
    >>> room_for_visitors(1)
    1
    """
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(soft, _most_files(hard))
    with suppress(ValueError, OSError):  # macOS says that there is no limit, and has one
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return max(1, min(wanted, (soft - OWN_FILES) // VISITOR_FILES))


def room_for_connections(visitors: int) -> int:
    """Return how many connections there may be besides the websockets of visitors.

    Parameters
    ----------
    visitors : int
        For so many the files of their kernels are kept free.

    Examples
    --------
    >>> room_for_connections(1) > room_for_connections(2)
    True
    """
    if sys.platform == "win32":
        return MOST_FILES - visitors
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(_FEWEST_CONNECTIONS, _most_files(soft) - VISITOR_FILES * visitors - _QUIET_FILES)


def free_files() -> int:
    """Return how many more files this process may open.

    Examples
    --------
    >>> free_files() > 0
    True
    """
    if sys.platform == "win32":
        return MOST_FILES
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        return _most_files(soft) - len(os.listdir("/dev/fd"))  # noqa: PTH208  # names are enough
    except OSError:  # to look takes one as well
        return 0


def _most_files(hard: int) -> int:
    import resource

    return MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)


def own_variables() -> Mapping[str, str]:
    """Return the variables of this process."""
    return os.environ


def apply(most_data: int = MOST_DATA, *, network: bool = False) -> None:
    """Limit this process, once it listens; what the system does not know is left out.

    Parameters
    ----------
    most_data : int
        Bytes.
    network : bool
        Whether it may go on opening connections.
    """
    if sys.platform != "win32":
        import resource

        makers = os.getpriority(os.PRIO_PROCESS, os.getppid())
        os.nice(max(0, min(19, makers + COURTESY) - os.nice(0)))
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = most_data if hard == resource.RLIM_INFINITY else min(most_data, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not network:
        forbid_network()
