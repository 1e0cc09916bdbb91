"""Attacks with files: what a page sends as a picture is believed in nothing."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from convviz.samples.picture_file import MOST_SCANS
from tests.app.attacks.stranger import Page, attack


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8))
PNG, JPEG = saved(NOISE, "png"), saved(NOISE, "jpeg")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def header(width: int, height: int) -> bytes:
    return PNG[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def with_scans(count: int) -> bytes:
    small = saved(Image.new("L", (8, 8)), "jpeg")
    scan = small[small.index(b"\xff\xda") : -2]
    return small[:-2] + scan * (count - 1) + small[-2:]


@pytest.fixture(scope="module")
def upload(stranger):
    """Send a file to a lesson that takes pictures, and return what it says of it: it must not take long."""
    page: Page = stranger.open("05_filters")
    desk = next(name for name, state in page.widgets().items() if str(state.get("_anywidget_id")).endswith(".Desk"))

    def send(data: bytes) -> str:
        page.tell(desk, {"method": "custom", "content": {"type": "use", "name": "file x"}}, buffers=[data])
        said = page.wait(lambda kind, said: kind == "comm_msg" and said["comm_id"] == desk and content_of(said))
        return str(said["error"].get("text", ""))

    yield send
    page.end()
    page.close()


def content_of(said: dict[str, Any]) -> Any:
    return said["data"].get("state", {}).get("content")


@attack("Truncated pictures")
def test_truncated_pictures_are_refused(upload):
    for whole in (PNG, JPEG):
        for part in (0.01, 0.1, 0.5, 0.9):
            text = upload(whole[: int(len(whole) * part)])
            assert "accepted:" in text


@attack("Pictures that unpack to gigabytes (decompression bombs)")
def test_bombs_are_refused_before_they_are_opened(upload):
    bomb = header(65_000, 65_000) + chunk(b"IDAT", zlib.compress(bytes(10**7))) + chunk(b"IEND", b"")
    more = header(64, 64) + chunk(b"IDAT", zlib.compress(bytes(3 * 10**7))) + chunk(b"IEND", b"")
    for data in (bomb, saved(Image.new("L", (5000, 1)), "png")):
        text = upload(data)
        assert "accepted: up to 4096" in text
    for data in (more, PNG[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(3 * 10**7))) + PNG[33:]):
        upload(data)


@attack("Disguised pictures: other formats, programs and pages under a picture's name")
def test_disguised_pictures_are_refused(upload):
    pages = [
        b"<svg onload=alert(1)>",
        b"<html>",
        b"%PDF-1.7",
        b"PK\3\4",
        b"#!/bin/sh",
        b"\x7fELF",
        b"%!PS-Adobe-3.0 EPSF-3.0",
    ]
    others = [saved(NOISE, kind) for kind in ("gif", "bmp", "tiff", "webp", "ppm")]
    inside = [PNG[:8] + b"<script>", b"\xff\xd8\xff" + b"<script>" * 100, b"GIF89a" + PNG, PNG[:8] + JPEG, b""]
    for data in (*pages, *others, *inside):
        text = upload(data)
        assert "accepted:" in text


@attack("A JPEG of a hundred thousand scans")
def test_a_jpeg_of_many_scans_is_refused(upload):
    for count in (MOST_SCANS + 1, 107_000):
        text = upload(with_scans(count))
        assert "scans; accepted: up to 64" in text
    assert upload(saved(NOISE, "jpeg", progressive=True)) == ""


@attack("A picture file of more than 4 MB")
def test_large_files_are_refused(upload):
    text = upload(PNG + bytes(2**22))
    assert "accepted: up to 4 MB" in text
