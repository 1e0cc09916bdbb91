"""Make the picture of the README and those of the lessons' cards, light and dark: `make pictures`."""

from functools import partial
from io import BytesIO
from pathlib import Path
from runpy import run_path

from PIL import Image

from convviz import conv_layer, convolve, correlate, samples, theme
from convviz.player.frames.frames import Frames
from convviz.scenes import Scene, channels, dot_product, pixel_vector, sliding_window

Look = partial(theme.Look, dark=globals().get("DARK", False))
ROOT = Path(__file__).parents[1]
CLASSIC = correlate(samples.INPUTS["The classic 5×5"](), samples.KERNELS["The classic ×"]())
COUNTING = convolve(samples.INPUTS["Impulse: a single one"](), samples.KERNELS["Counting 1 to 9"](), "valid")
HALF_FLIPPED = -13
APPLE = samples.picture("apple")
ALONG_THE_DEPTH = conv_layer(APPLE[:, :4, :4], samples.FILTERS["One 3×3 filter, three kernels"](), [1])
BANK = conv_layer(APPLE[:, :5, :5], samples.filter_bank(4, 3, 3))
STRIDED = conv_layer(APPLE[:, :6, :6], samples.FILTERS["One 3×3 filter, three kernels"](), [1], stride=2)
MIXED = conv_layer(APPLE[:, :3, :3], samples.FILTERS["1×1 colour mixers"]())

PICTURES: dict[str, tuple[Scene, int]] = {
    "docs/picture.png": (sliding_window(CLASSIC, Look(density=2)), 4),
    "notebooks/pictures/index.png": (sliding_window(CLASSIC, Look(width=600)), 4),
    "notebooks/pictures/01_sliding_window.png": (dot_product(CLASSIC, Look(width=460, density=1.5)), 4),
    "notebooks/pictures/02_flip.png": (sliding_window(COUNTING, Look(width=460, density=1.5)), HALF_FLIPPED),
    "notebooks/pictures/05_channels.png": (channels(ALONG_THE_DEPTH, Look(width=720)), 1),
    "notebooks/pictures/05_filters.png": (channels(BANK, Look(width=720)), 12),
    "notebooks/pictures/05_strides.png": (channels(STRIDED, Look(width=720)), 1),
    "notebooks/pictures/06_one_by_one.png": (pixel_vector(MIXED, Look(width=760)), 22),
}


def make(scene: Scene, key: int) -> bytes:
    """Draw one frame, in few colours so that the file is small."""
    packed = BytesIO()
    pixels = Image.fromarray(Frames(scene).pixels(key)).convert("RGB")
    pixels.quantize(64, dither=Image.Dither.NONE).save(packed, "png", optimize=True)
    return packed.getvalue()


def named(name: str, dark: bool) -> Path:
    """Return where a picture is kept: the dark one beside the light one."""
    path = ROOT / name
    return path.with_stem(f"{path.stem}-dark") if dark else path


if __name__ == "__main__":
    for dark in (False, True):
        for name, (scene, key) in run_path(__file__, {"DARK": dark})["PICTURES"].items():
            if not dark or name.startswith("notebooks/"):
                path = named(name, dark)
                path.write_bytes(make(scene, key))
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KiB")
