"""Make the pictures of the README, and those of the cards and of the gallery, light and dark: `make pictures`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from runpy import run_path
from textwrap import dedent
from typing import Any

import nbformat
from PIL import Image

from convviz import (
    Player,
    conv_layer,
    convolve,
    correlate,
    echoes,
    gradients,
    learn_kernel,
    match_template,
    matrix_view,
    outer_product,
    samples,
    theme,
)
from convviz.lessons import Kernels, Layers, OwnNumbers, Pools, Shifts, Stamps, Waves
from convviz.operations.matrix.as_dense import as_dense
from convviz.player import ModelPlayer
from convviz.player.frames.film import Film
from convviz.player.frames.frames import Frames
from convviz.player.frames.still import Still, still
from convviz.scenes import (
    Scene,
    channels,
    dense_layer,
    dot_product,
    echo_sum,
    learning,
    matching,
    matrix_gradient,
    pixel_vector,
    pooling,
    product_table,
    receptive_field,
    response,
    sliding_window,
    stamps,
)
from convviz.scenes.whole_scene import filtered

Look = partial(theme.Look, dark=globals().get("DARK", False))
ROOT = Path(__file__).parents[1]
CLASSIC = correlate(samples.INPUTS["The classic 5×5"](), samples.KERNELS["The classic ×"]())
COUNTING = convolve(samples.INPUTS["Impulse: a single one"](), samples.KERNELS["Counting 1 to 9"](), "valid")
HALF_FLIPPED = -13
FOUR_PATHS = echoes([1, 2, 3, 4], [1, 0.9, 0.8])
SIGNAL = correlate([1, 2, 3, 4], [5, 6, 7])
APPLE = samples.picture("apple")
ALONG_THE_DEPTH = conv_layer(APPLE[:, :4, :4], samples.FILTERS["One 3×3 filter, three kernels"](), [1])
BANK = conv_layer(APPLE[:, :5, :5], samples.filter_bank(4, 3, 3))
STRIDED = conv_layer(APPLE[:, :6, :6], samples.FILTERS["One 3×3 filter, three kernels"](), [1], stride=2)
ROW = [[11, 12, 13, 14, 15, 16, 17, 18]]
SPACED = conv_layer(ROW, [[[1, 2, 1]]], stride=2, dilation=2, padding=(2, 1), padding_mode="reflect")
MIXED = conv_layer(APPLE[:, :3, :3], samples.FILTERS["1×1 colour mixers"]())
TABLE = outer_product([1, 2, 3, 4], [5, 6, 7])
GLARE = samples.NAMED_SEARCHES["glare"]
FOUND = match_template(GLARE.image(), GLARE.template(), "correlation")
STARS = samples.picture("stars")
EDGES = correlate(STARS, samples.kernel("sobel_x")).output
LEARNED = learn_kernel(STARS, EDGES, start="zeros", rate=0.5, steps=12)

PICTURES: dict[str, tuple[Scene, int]] = {
    "docs/picture.png": (sliding_window(CLASSIC, Look(density=2)), 4),
    "notebooks/pictures/index.png": (sliding_window(CLASSIC, Look(width=600)), 4),
    "notebooks/pictures/01_sliding_window.png": (dot_product(CLASSIC, Look(width=460, density=1.5)), 4),
    "notebooks/pictures/02_flip.png": (sliding_window(COUNTING, Look(width=460, density=1.5)), HALF_FLIPPED),
    "notebooks/pictures/04_matrix.png": (dense_layer(as_dense(SIGNAL), Look(width=560, density=1.5)), 1),
    "notebooks/pictures/04_training.png": (
        matrix_gradient(matrix_view(gradients(SIGNAL, [2, 3])), Look(width=620, density=1.5)),
        1,
    ),
    "notebooks/pictures/03_echoes.png": (echo_sum(FOUR_PATHS, Look(width=720)), 2),
    "notebooks/pictures/05_channels.png": (channels(ALONG_THE_DEPTH, Look(width=720)), 1),
    "notebooks/pictures/05_filters.png": (channels(BANK, Look(width=720)), 12),
    "notebooks/pictures/05_strides.png": (channels(STRIDED, Look(width=720)), 1),
    "notebooks/pictures/06_one_by_one.png": (pixel_vector(MIXED, Look(width=760)), 22),
    "notebooks/pictures/10_pooling.png": (pooling(Pools().traces["pool"], Look(width=460, density=1.5)), 4),
    "notebooks/pictures/10_stack.png": (receptive_field(Layers().traces["sight"], Look(width=460, density=1.5)), 3),
    "notebooks/pictures/10_transposed.png": (stamps(Stamps().traces["stamps"], Look(width=720)), 4),
    "notebooks/pictures/07_kernels.png": (filtered(Kernels().traces["filtered"], Look(width=760)), 1062),
    "notebooks/pictures/07_shifts.png": (filtered(Shifts().traces["after"], Look(width=560), in_short=True), 14),
    "notebooks/pictures/07_waves.png": (response(Waves().traces["response"], Look(width=820)), 294),
    "notebooks/pictures/11_own.png": (sliding_window(OwnNumbers().traces["own"], Look(width=460, density=1.5)), 4),
    "notebooks/pictures/08_matching.png": (matching(FOUND, Look(width=760)), 20),
    "notebooks/pictures/09_learning.png": (learning(LEARNED, Look(width=720)), 3),
    "notebooks/pictures/10_geometry.png": (sliding_window(SPACED, Look(width=460, density=1.5)), 1),
    "notebooks/pictures/gallery.png": (product_table(TABLE, Look(width=760)), 2),
}
GALLERY = ROOT / "notebooks" / "gallery.ipynb"
PAGE = "docs/scenes.md"
HEADING = re.compile(r"^### `(?P<operation>\w+)`, drawn as `(?P<scene>\w+)`$", re.MULTILINE)
FOREWORD = """# Every picture that convviz draws

`convviz.show(trace)` draws each operation in the way that suits it best. In [the gallery](../notebooks/gallery.ipynb),
you can step through the same pictures, play them, and point at their cells: `make app`, then *Every picture*.
`make pictures` makes this page from the gallery."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture of the gallery: what is said of it, and the code that makes it."""

    said: str
    operation: str
    scene: str
    code: str

    @property
    def needs_torch(self) -> bool:
        return "torch" in self.code

    @cached_property
    def player(self) -> Player:
        return shown_by(self.code)

    @property
    def alt(self) -> str:
        """What stands for the picture; the same whether or not PyTorch is installed."""
        return self.said.splitlines()[-1] if self.needs_torch else self.player.still().text

    def still(self, dark: bool = False) -> Still:
        """Draw it on a light page or a dark one."""
        player = self.player.strip if isinstance(self.player, ModelPlayer) else self.player
        films = [Film(maker(trace, theme.Look(dark=dark))) for trace, maker in player.shown]
        return still(films, player.titles, player.index)

    @property
    def path(self) -> str:
        return f"notebooks/pictures/scenes/{self.operation}-{self.scene}.png"

    @property
    def section(self) -> str:
        picture = f"![{self.alt}](../{self.path})"
        return f"{self.said}\n\n{picture}\n\n```python\n{self.code}\n```"


def gallery() -> Iterator[Shown]:
    """Read the gallery: each piece of code stands alone, and ends with a player. What needs PyTorch is only quoted."""
    said = ""
    for cell in nbformat.read(GALLERY, as_version=4).cells:
        code = cell.source
        if cell.cell_type == "markdown":
            said, _, code = (part.strip("\n") for part in cell.source.partition("```python"))
        if code:
            heading = HEADING.search(said)
            assert heading, f"no heading above {code!r}"
            yield Shown(said=said, code=code.removesuffix("```").strip(), **heading.groupdict())


def shown_by(code: str) -> Any:
    """Run some lines, and return what the last one is worth."""
    *lines, last = ast.parse(dedent(code)).body
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {}
    exec(compile(ast.Module(lines, []), "gallery", "exec"), names)
    return eval(compile(ast.Expression(last.value), "gallery", "eval"), names)


def page(pictures: list[Shown]) -> str:
    """Write the page of all pictures."""
    return "\n\n".join([FOREWORD, *(picture.section for picture in pictures)]) + "\n"


def small(picture: Image.Image) -> bytes:
    """Pack a picture in few colours, so that the file is small."""
    packed = BytesIO()
    picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(packed, "png", optimize=True)
    return packed.getvalue()


def named(name: str, dark: bool) -> str:
    """Return where a picture is kept: the dark one beside the light one."""
    return name.replace(".png", "-dark.png") if dark else name


def files() -> Iterator[tuple[str, bytes]]:
    """Make all files, one after another."""
    for dark in (False, True):
        for name, (scene, key) in run_path(__file__, {"DARK": dark})["PICTURES"].items():
            if not dark or name.startswith("notebooks/"):
                yield named(name, dark), small(Image.fromarray(Frames(scene).pixels(key)))
    pictures = list(gallery())
    for picture in pictures:
        if not picture.needs_torch or find_spec("torch"):
            for dark in (False, True):
                yield named(picture.path, dark), small(Image.open(BytesIO(picture.still(dark).png)))
    yield PAGE, page(pictures).encode()


if __name__ == "__main__":
    for name, content in files():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_bytes(content)
        print(f"{name}: {len(content) // 1024} KiB")
