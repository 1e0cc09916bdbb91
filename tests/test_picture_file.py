"""A picture file is read as it looks, or refused in plain words: whatever is in it, and however much of it."""

import re
import struct
import warnings
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageOps

from convviz import samples
from convviz.samples.picture_file import MOST_BYTES, MOST_SCANS, read_picture, read_picture_file

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.integers(0, 256, (20, 30, 3), dtype=np.uint8)
DAMAGED = r"this (PNG|JPEG) is damaged or cut off; accepted: a whole PNG or JPEG"


def saved(image, kind="png", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def channels_first(image):
    return np.moveaxis(np.asarray(image.convert("RGB"), dtype=np.int64), -1, 0)


def png(width, height, rows, *, depth=8, colour=0):
    """Write a PNG by hand: what its header says need not be true."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PHOTOGRAPH = Image.fromarray(NOISE).resize((300, 200))
FILES = {
    "png": saved(PHOTOGRAPH),
    "grey": saved(PHOTOGRAPH.convert("L"), optimize=True),
    "jpeg": saved(PHOTOGRAPH, "jpeg"),
    "progressive": saved(PHOTOGRAPH, "jpeg", progressive=True),
}


# --- what a file looks like


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_grey_is_that_of_pillow(pixels):
    picture = Image.fromarray(pixels)
    grey = read_picture(saved(picture), colour=False)
    assert grey.dtype == np.int64
    np.testing.assert_array_equal(grey, np.asarray(picture.convert("L")))


@given(st.data(), st.integers(1, 12), st.integers(1, 12), st.integers(1, 5))
def test_each_pixel_is_the_mean_of_those_that_it_stands_for(data, rows, columns, factor):
    pixels = data.draw(hnp.arrays(np.uint8, (rows * factor, columns * factor, 3)))
    picture = read_picture(saved(Image.fromarray(pixels)), max(rows, columns))
    assert picture.dtype == np.int64
    assert picture.flags.c_contiguous
    means = pixels.reshape(rows, factor, columns, factor, 3).mean((1, 3))
    # Pillow rounds twice: along the rows, and along the columns.
    assert np.abs(picture - np.moveaxis(means, -1, 0)).max() <= (1 if factor > 1 else 0)


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))), st.integers(1, 50))
def test_a_picture_is_never_enlarged_and_never_vanishes(pixels, side):
    rows, columns, _ = pixels.shape
    file = read_picture_file(saved(Image.fromarray(pixels)), side)
    scale = min(1, side / max(rows, columns))
    assert file.values.shape == (3, *(max(1, round(scale * length)) for length in (rows, columns)))
    assert pixels.min() <= file.values.min() <= file.values.max() <= pixels.max()
    assert (file.width, file.height) == (columns, rows)


@pytest.mark.parametrize(
    ("size", "shape"),
    [((640, 480), (24, 32)), ((480, 640), (32, 24)), ((4096, 1), (1, 32)), ((1, 4096), (32, 1)), ((32, 32), (32, 32))],
)
def test_the_proportions_stay(size, shape):
    picture = read_picture(saved(Image.new("RGB", size, (1, 2, 3))))
    assert picture.shape == (3, *shape)
    assert picture[:, 0, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_the_camera_s_way_up_is_kept(orientation, kind):
    image = Image.fromarray(NOISE)
    image.getexif()[0x0112] = orientation
    data = saved(image, kind, exif=image.getexif())
    upright = ImageOps.exif_transpose(Image.open(BytesIO(data)))
    file = read_picture_file(data)
    np.testing.assert_array_equal(file.values, channels_first(upright))
    assert (file.width, file.height) == upright.size


@pytest.mark.parametrize("noted", [b"II*\0\x08\0\0\0\0\0", b"\xff\xff\xff", 0, 9])
def test_a_senseless_way_up_is_none(noted):
    image = Image.fromarray(NOISE)
    exif = Image.Exif()
    exif[0x0112] = noted if isinstance(noted, int) else 1
    data = saved(image, exif=noted if isinstance(noted, bytes) else exif)
    np.testing.assert_array_equal(read_picture(data), channels_first(image))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_lies_on_white(mode):
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    image.putpixel((2, 0), (0, 0, 0, 128))
    data = saved(image.convert(mode))
    assert read_picture(data).tolist() == [[[0, 255, 127]]] * 3
    assert read_picture(saved(image.crop((0, 0, 2, 1)).convert(mode)), 1).ravel() == pytest.approx(127.5, abs=1)


@pytest.mark.parametrize("transparency", [1, bytes([255, 0])])
def test_a_palette_may_be_transparent(transparency):
    image = Image.new("P", (2, 1))
    image.putpalette([200, 10, 20, 0, 0, 0])
    image.putpixel((1, 0), 1)
    picture = read_picture(saved(image, transparency=transparency))
    assert picture[:, 0].tolist() == [[200, 255], [10, 255], [20, 255]]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_the_way_of_storing_does_not_matter(mode):
    image = Image.fromarray(NOISE).convert(mode)
    np.testing.assert_array_equal(read_picture(saved(image)), channels_first(image))


@pytest.mark.parametrize("depth", [2, 4])
def test_grey_of_few_bits_reaches_white(depth):
    picture = read_picture(png(8 // depth, 1, b"\0\xff", depth=depth))
    assert (picture == 255).all()


def test_grey_of_16_bits_is_scaled():
    values = np.array([[0, 256, 257, 32768, 65535]], dtype=np.uint16)
    data = png(5, 1, b"\0" + values.astype(">u2").tobytes(), depth=16)
    assert read_picture(data).tolist() == [[[0, 1, 1, 128, 255]]] * 3
    black = b"\0" + np.zeros(2, ">u2").tobytes()
    clear = png(2, 1, black, depth=16).replace(
        b"\0\0\0\x0bIDAT", struct.pack(">I4sHI", 2, b"tRNS", 0, zlib.crc32(b"tRNS\0\0")) + b"\0\0\0\x0bIDAT"
    )
    assert b"tRNS" in clear
    assert (read_picture(clear) == 255).all()


def test_colour_of_16_bits_is_scaled():
    row = b"\0" + np.array([65535, 32768, 0], ">u2").tobytes()
    assert read_picture(png(1, 1, row, depth=16, colour=2)).ravel().tolist() == [255, 128, 0]


def test_inks_of_a_jpeg_become_light():
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    red, green, blue = read_picture(saved(image, "jpeg", quality=100))
    assert red.min() >= 250
    assert max(green.max(), blue.max()) <= 5


def test_of_an_animation_the_first_picture_is_taken():
    first, second = (Image.new("RGB", (4, 4), colour) for colour in ("red", "blue"))
    picture = read_picture(saved(first, save_all=True, append_images=[second]))
    np.testing.assert_array_equal(picture, channels_first(first))


def test_samples_offer_it():
    assert samples.read_picture is read_picture


# --- what is refused


@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_is_refused(name, part):
    data = FILES[name][: len(FILES[name]) * part // 10]
    with pytest.raises(ValueError, match=DAMAGED if data else "there is nothing in this file"):
        read_picture(data)


@given(st.sampled_from(list(FILES)), st.floats(0, 1), st.binary(max_size=20))
def test_a_file_changed_anywhere_is_read_or_refused(name, where, put):
    data = FILES[name]
    at = round(where * len(data))
    assert "; accepted: " in read_or_refused(data[:at] + put + data[at + len(put) :])


@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF", b"BM"]), st.binary())
def test_random_bytes_are_refused(beginning, rest):
    with pytest.raises(ValueError, match="; accepted: "):
        read_picture(beginning + rest)


def read_or_refused(data):
    try:
        picture = read_picture(data)
    except ValueError as error:
        return str(error)
    assert 1 <= min(picture.shape[1:]) <= max(picture.shape[1:]) <= 32
    assert 0 <= picture.min() <= picture.max() <= 255
    return "read; accepted: all"


@pytest.mark.parametrize(("width", "height"), [(4097, 1), (1, 4097), (50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_a_header_that_claims_too_much_is_believed_and_refused(width, height):
    with pytest.raises(ValueError, match=f"has {width}×{height} pixels; accepted: up to 4096 on each side"):
        read_picture(png(width, height, b"\0\1"))


def test_a_jpeg_that_claims_too_much_is_refused():
    data = saved(Image.new("RGB", (16, 16)), "jpeg")
    frame = data.index(b"\xff\xc0") + 5
    huge = data[:frame] + struct.pack(">HH", 60_000, 50_000) + data[frame + 4 :]
    with pytest.raises(ValueError, match="has 50000×60000 pixels"):
        read_picture(huge)


def test_a_jpeg_of_many_scans_is_refused_unread():
    small = saved(Image.new("L", (8, 8)), "jpeg")
    scan = small[small.index(b"\xff\xda") : -2]
    with pytest.raises(ValueError, match=DAMAGED):
        read_picture(small[:-2] + scan * (MOST_SCANS - 1) + small[-2:])
    with pytest.raises(ValueError, match=r"drawn in 107001 scans; accepted: up to 64"):
        read_picture(small[:-2] + scan * 107_000 + small[-2:])


@pytest.mark.parametrize(("width", "height"), [(4096, 4096), (40, 40), (0, 4), (2**32 - 1, 4)])
def test_a_header_that_lies_is_found_out(width, height):
    with pytest.raises(ValueError, match=f"{DAMAGED}|pixels; accepted"):
        read_picture(png(width, height, b"\0\1\2\3\4" * 4))


def test_a_user_s_limit_of_pillow_s_does_not_matter(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert read_picture(FILES["png"]).shape == (3, 21, 32)


def test_odd_notes_cause_no_warning():
    data = saved(Image.fromarray(NOISE), "jpeg", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\0")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_picture(data).shape == (3, 20, 30)


FAULTS = [
    (b"", "there is nothing in this file; accepted: PNG or JPEG"),
    (bytes(5 * 2**20 + 1), "this file has ≈5.1 MB; accepted: up to 4 MB"),
    (bytes(MOST_BYTES + 1), "this file has ≈4.1 MB; accepted: up to 4 MB"),
    (saved(PHOTOGRAPH, "gif"), "this is a GIF; accepted: PNG or JPEG"),
    (saved(PHOTOGRAPH, "bmp"), "this is a BMP; accepted: PNG or JPEG"),
    (saved(PHOTOGRAPH, "tiff"), "this is a TIFF; accepted: PNG or JPEG"),
    (saved(PHOTOGRAPH, "ico"), "this is an ICO; accepted: PNG or JPEG"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "this is no picture that can be read; accepted: PNG or JPEG"),
    (b"\x89PNG\r\n\x1a\n", "this PNG is damaged or cut off; accepted: a whole PNG or JPEG"),
    (b"\xff\xd8\xff", "this JPEG is damaged or cut off; accepted: a whole PNG or JPEG"),
]


@pytest.mark.parametrize(("data", "message"), FAULTS, ids=[message[:30] for _, message in FAULTS])
def test_each_fault_is_named(data, message):
    with pytest.raises(ValueError, match=f"^data cannot be read: {re.escape(message)}$"):
        read_picture(data)


@pytest.mark.parametrize(
    ("data", "side", "error", "message"),
    [
        ("cat.png", 32, TypeError, "data is of type str; accepted: bytes"),
        (FILES["png"], 0, ValueError, "side is 0; accepted: an integer from 1 to 4096"),
        (FILES["png"], 4097, ValueError, "side is 4097; accepted: an integer from 1 to 4096"),
        (FILES["png"], 2.5, TypeError, "side is 2.5 (float); accepted: an integer from 1 to 4096"),
    ],
)
def test_each_wrong_argument_is_named(data, side, error, message):
    with pytest.raises(error, match=re.escape(message)):
        read_picture(data, side)
