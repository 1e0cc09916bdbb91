"""What is typed on the command line, read; an error says what would be accepted."""

import argparse
import ipaddress
import re

from convviz.app.settings import LOOPBACK


def count(text: str) -> int:
    """Read how many visitors there may be."""
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of visitors: give a whole number from 1 to 10000")
    return int(text)


def host(text: str) -> str:
    """Read a name of this app."""
    if not re.fullmatch(r"[a-z\d]([a-z\d.-]*[a-z\d])?", text, re.ASCII | re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a host: give one such as lessons.example.org")
    return text.lower()


def origin(text: str) -> str:
    """Read the address of a site."""
    if not re.fullmatch(r"https?://(\*\.)?[a-z\d]([a-z\d.-]*[a-z\d])?(:\d{1,5})?", text, re.ASCII | re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"{text!r} is no site: give one such as https://moodle.example.org")
    return text.lower()


def prefix(text: str) -> str:
    """Read where this app is among others."""
    if not re.fullmatch(r"/((?!\.)[\w.~%@-]+/)*", text, re.ASCII | re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"{text!r} is no prefix: give one such as /one/")
    return text


def address(text: str) -> str:
    """Read an address of this computer."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no address: give one such as {LOOPBACK} or 0.0.0.0") from None


def port(text: str) -> int:
    """Read a port number off the command line."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a whole number from 1 to 65535")
    return int(text)
