"""The index notation of an operation: which cells take part in which products.

An operation is a sum of products over indices, written as in einsum, with strides:

    output[f, i, j] = Σ  input[c, i·s + u·d, j·s + v·d] · kernel[f, c, u, v]

One choice of all the indices is a *term*. A `Terms` declares the indices and the operands; a `View` says what the cells
of a panel stand for. What belongs to a cell that is pointed at follows from the two: the terms that pass through the
cell, projected on every other view. Indices that have nothing to do with each other are solved apart, and those that
the cell settles first of all, so that a photograph and 512 channels are as quick as a small grid.
`player/browser/terms.js` solves the same declaration in the browser.

>>> row = Coordinate(size=4, of={"i": 1, "u": 1})
>>> kernel, output = Coordinate(size=3, of={"u": 1}), Coordinate(size=2, of={"i": 1})
>>> terms = Terms(indices={"i": 2, "u": 3}, operands={"x": (row,), "w": (kernel,)}, step=(output,))
>>> x, y = View(column=(row,)), View(column=(output,))
>>> terms.related(y, x, (0, 0, 1), step=0)
[Block(slices=(0,), rows=(0,), columns=(1, 2, 3))]
>>> terms.step_of(y, (0, 0, 1), step=0)
1
"""

from convviz.terms.terms import Terms
from convviz.terms.views import Block, Cell, Coordinate, View

__all__ = ["Block", "Cell", "Coordinate", "Terms", "View"]
