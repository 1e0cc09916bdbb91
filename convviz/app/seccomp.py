"""A process without a network, where the system is a Linux that can do that. Only the standard library."""

import ctypes
import errno
import platform
import struct
import sys

_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""How the system calls a kind of machine (AUDIT_ARCH), and the number of `socket` there."""
_IO_URING_SETUP = 425
"""The same number everywhere: a second way to open sockets."""
_AF_UNIX = 1
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_LOAD, _IS_EQUAL, _IS_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Where the filter finds what it looks at."""
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | errno.EACCES
_OTHER_NUMBERS = 0x40000000
"""From here on, x86 numbers its calls in another way."""


def forbid_network() -> bool:
    """Let this process and all of its threads open no more sockets, but those within this computer's files.

    Those that are open stay, and whoever connects to them still may.

    Returns
    -------
    bool
        Whether the system could do that.

    Notes
    -----
    Source: seccomp(2) and "Seccomp BPF" in the documentation of Linux.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _MACHINES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = b"".join(struct.pack("=HBBI", *line) for line in _filter(*_MACHINES[machine]))
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    call = (ctypes.c_long(number) for number in (_SECCOMP[machine], _SET_FILTER, _ALL_THREADS))
    return bool(libc.syscall(*call, header) == 0)


def _filter(architecture: int, socket: int) -> list[tuple[int, int, int, int]]:
    """Return a program of the system's filter: a code, how far to jump if so and if not, and a number."""
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IS_EQUAL, 0, 7, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_IS_AT_LEAST, 5, 0, _OTHER_NUMBERS),
        (_IS_EQUAL, 4, 0, _IO_URING_SETUP),
        (_IS_EQUAL, 0, 2, socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IS_EQUAL, 0, 1, _AF_UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
