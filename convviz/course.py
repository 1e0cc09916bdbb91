"""The course: its pages in order, and what each is about. The index, the cards and the ways on follow from it."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the course.

    Parameters
    ----------
    notebook : str
        The name of its file, without the ending.
    number : int
        The lesson that it belongs to; a lesson may have several pages.
    question : str
        What it answers: its heading.
    summary : str
        One or two sentences for its card.
    picture : str
        What its picture shows, for those who do not see it.
    minutes : int
        How long it takes to read, and to try what it asks for.
    needs : tuple of int
        The lessons that should be read before.
    """

    notebook: str
    number: int
    question: str
    summary: str
    picture: str
    minutes: int = 10
    needs: tuple[int, ...] = ()


COURSE = (
    Page(
        notebook="01_sliding_window",
        number=1,
        question="Dot product, or element-wise multiplication and sum?",
        summary="You will find both in books. Slide the window, compare two pictures of the same step, and predict the "
        "next number.",
        picture="Window and kernel as two columns of numbers, multiplied row by row",
    ),
    Page(
        notebook="02_flip",
        number=2,
        question="Is the kernel flipped?",
        summary="In mathematics yes, in deep learning no, and both call it convolution. See both at the same "
        "step, and find out when it matters.",
        picture="A kernel on its way round, beside the same kernel as given",
        needs=(1,),
    ),
    Page(
        notebook="03_echoes",
        number=3,
        question="What does the flip come from?",
        summary="A signal and its echoes arrive together. Add them up, or flip and slide: two ways, one result.",
        picture="Echoes of a signal, each delayed and scaled, one below the other, and what they add up to",
        needs=(2,),
    ),
    Page(
        notebook="04_matrix",
        number=4,
        question="How does convolution replace matrix multiplication?",
        summary="Every window is a row of one large matrix, with the same few weights again and again. See one step in "
        "four views, and as a dense layer.",
        picture="A matrix in which three coloured weights repeat along the diagonals, and all else is blank",
        needs=(1,),
    ),
    Page(
        notebook="04_training",
        number=4,
        question="How are shared weights trained?",
        summary="Train a convolution and a dense layer together. Zeros stay zero, and tied gradients add up.",
        picture="A matrix and its gradient, whose entries of the same colour are added up",
        needs=(4,),
    ),
    Page(
        notebook="05_channels",
        number=5,
        question="What does one filter do along the depth?",
        summary="Three channels go in and one map comes out. Follow the numbers through every channel, the bias and "
        "the activation.",
        picture="Three channels under three kernels of a filter, their sums added up to one number",
        needs=(1,),
    ),
    Page(
        notebook="05_filters",
        number=5,
        question="Several filters: how many feature maps?",
        summary="Each filter makes one feature map. Count the maps and the weights.",
        picture="Three channels, and the feature maps of two filters",
        needs=(5,),
    ),
    Page(
        notebook="05_strides",
        number=5,
        question="Larger steps, a border, and groups",
        summary="Larger steps, a border of zeros, and filters that read some of the channels only.",
        picture="A window that moves by two cells, and input cells that no window reads",
        needs=(5,),
    ),
    Page(
        notebook="06_one_by_one",
        number=6,
        question="Where is the dot product?",
        summary="A filter of 1×1 looks along the depth only. It is a matrix times a pixel, and a dense layer at every "
        "pixel: see both at once.",
        picture="A row of weights times the channels of one pixel",
        needs=(5,),
    ),
    Page(
        notebook="07_kernels",
        number=7,
        question="What does a kernel look for?",
        summary="Edges, spots, or nothing but a soft mean: drag the weights of a kernel and watch a photograph change. "
        "Take your own picture.",
        picture="A photograph, a window of nine pixels, a Sobel kernel, and the edges that it finds",
        needs=(1,),
    ),
    Page(
        notebook="07_shifts",
        number=7,
        question="Does the output move with the input?",
        summary="Shift a picture and compare what comes out. A convolution moves along; a stride and a pooling do so "
        "only now and then.",
        picture="A 3 drawn in ones, the same 3 one cell to the right, and the edges of both",
        needs=(7,),
    ),
    Page(
        notebook="07_waves",
        number=7,
        question="Which waves does a kernel keep?",
        summary="Point at a wave and see what a blur or an edge filter leaves of it. Then multiply two spectra, and "
        "get a convolution.",
        picture="The response of a kernel as a bright spot, and fine stripes before and after the kernel",
        needs=(2, 7),
    ),
    Page(
        notebook="08_matching",
        number=8,
        question="How do I find a picture in a picture?",
        summary="Slide a small picture over a large one, and score every window. Three measures, three winners: draw "
        "your own, and see why a bright patch fools one of them.",
        picture="A plus sign in a grid of numbers, framed as the best place, beside a bright patch",
        needs=(1,),
    ),
    Page(
        notebook="09_learning",
        number=9,
        question="Who designs the weights?",
        summary="Nobody: watch a kernel learn its numbers from pictures before and after, with a flip and without. "
        "Then see why two layers must not start with zeros.",
        picture="A kernel after three updates, its output beside the target, and a falling loss",
        minutes=15,
        needs=(2, 8),
    ),
    Page(
        notebook="10_geometry",
        number=10,
        question="How large is the output?",
        summary="Stride, padding and dilation along one row of numbers: count the places of the window, and see which "
        "cells nobody reads.",
        picture="A window with gaps on a row of numbers with a mirrored border",
        needs=(1,),
    ),
    Page(
        notebook="10_pooling",
        number=10,
        question="What does pooling keep?",
        summary="The largest number of each window, or its mean, without any weights.",
        picture="A window of four numbers, the largest of them marked, and the smaller output",
        minutes=5,
        needs=(1,),
    ),
    Page(
        notebook="10_stack",
        number=10,
        question="How far does a stack of layers see?",
        summary="Build a stack, follow one output cell down to the input, and find out why PyTorch says that shapes "
        "cannot be multiplied.",
        picture="Rows of cells, layer by layer, and the cone of those that one output cell depends on",
        needs=(10,),
    ),
    Page(
        notebook="10_transposed",
        number=10,
        question="How does a convolution make things larger?",
        summary="Each input cell stamps the kernel into the output. See where stamps overlap, and where the "
        "checkerboard comes from.",
        picture="A stamp of nine numbers, added to a growing output",
        needs=(10,),
    ),
    Page(
        notebook="11_own",
        number=11,
        question="What does it do to my own numbers?",
        summary="Paste arrays or load a picture, pick any operation, and take the result with you: as a link, a film "
        "or a page.",
        picture="Your own numbers under a kernel, and what becomes of them",
        needs=(1,),
    ),
)
"""All pages, in the order in which they are read."""


def name(page: Page) -> str:
    """Return what other pages call a page, without its question.

    Examples
    --------
    >>> name(COURSE[1])
    'Lesson 2'
    """
    parts = _parts(page)
    return f"Lesson {page.number}" + (f", part {parts.index(page) + 1}" if len(parts) > 1 else "")


def heading(page: Page) -> str:
    """Return the page's number and question, as other pages name it.

    Examples
    --------
    >>> heading(COURSE[1])
    'Lesson 2: Is the kernel flipped?'
    """
    return f"{name(page)}: {page.question}"


def where(page: Page) -> tuple[str, str]:
    """Return where in the course a page stands: its lesson, and its part of that, if it has several.

    Examples
    --------
    >>> where(COURSE[0])[0].startswith("Lesson 1 of "), where(COURSE[0])[1]
    (True, '')
    """
    parts = _parts(page)
    part = f"part {parts.index(page) + 1} of {len(parts)}" if len(parts) > 1 else ""
    return f"Lesson {page.number} of {COURSE[-1].number}", part


def _parts(page: Page) -> list[Page]:
    return [each for each in COURSE if each.number == page.number]


def neighbours(page: Page) -> tuple[Page | None, Page | None]:
    """Return the page before and the page after.

    Examples
    --------
    >>> neighbours(COURSE[0]) == (None, COURSE[1])
    True
    """
    before, after = (dict(enumerate(COURSE)).get(COURSE.index(page) + by) for by in (-1, 1))
    return before, after


def ways_on(page: Page) -> str:
    """Write the last line of a page in Markdown: the page before, the index, and the page after.

    Examples
    --------
    >>> ways_on(COURSE[0])
    '[All lessons](index.ipynb) · [Lesson 2: Is the kernel flipped? →](02_flip.ipynb)'
    """
    before, after = neighbours(page)
    back = [f"[← {heading(before)}]({before.notebook}.ipynb)"] if before else []
    on = [f"[{heading(after)} →]({after.notebook}.ipynb)"] if after else []
    return " · ".join([*back, "[All lessons](index.ipynb)", *on])


def card(page: Page) -> str:
    """Write a page's card for the index in Markdown: question, picture and summary."""
    link = f"{page.notebook}.ipynb"
    parts = (
        f"## [{heading(page).removeprefix('Lesson ').replace(':', ' ·', 1)}]({link})",
        f"[![{page.picture}](pictures/{page.notebook}.png)]({link})",
        f"{page.summary} About {page.minutes} minutes.",
    )
    return "\n\n".join(parts)


def template_part() -> str:
    """Write what Voila's template has to know of the course: where each page stands, and what is beside it."""
    data = json.dumps({page.notebook: beside(page) for page in COURSE}, ensure_ascii=False, indent=2)
    return f"{{#- Where each page stands in the course. Written by `make course`. -#}}\n{{%- set course = {data} -%}}\n"


def beside(page: Page) -> dict[str, Any]:
    """Return where a page stands, and the pages before and after it, as templates want it.

    Examples
    --------
    >>> beside(COURSE[0])["after"]["name"]
    'Lesson 2'
    """
    lesson, part = where(page)
    both = zip(("before", "after"), neighbours(page), strict=True)
    neighbouring = {
        side: {"notebook": each.notebook, "name": name(each), "question": each.question} for side, each in both if each
    }
    return {"where": lesson, "part": part, **neighbouring}
