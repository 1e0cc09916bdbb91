"""A notebook with a bit of everything that lessons are made of, to try the page itself."""

from pathlib import Path

import nbformat
from PIL import Image

TEXT = (
    r"""# What does `this` page show?

Formulas, as $y = \sum_k x_k w_k$, and set apart:

$$ y_{ij} = \sum_{m,n} x_{i+m,\,j+n}\, w_{m,n} $$

A picture in Markdown ![red](sample.png) and one in HTML <img src="sample.png" alt="red too">.

| """
    + " | ".join(f"column {n}" for n in range(12))
    + r""" |
|"""
    + "---|" * 12
    + r"""
|"""
    + " 123.456 |" * 12
    + r"""

```python
result = scipy.signal.correlate2d(picture, kernel, mode="valid", boundary="fill", fillvalue=0)  # a long line
```

<details><summary>Solution</summary>

It is $7$.

</details>

Back to [all lessons](index.ipynb).
"""
)

CODE = """
import ipywidgets

step = ipywidgets.IntSlider(description="Step", max=9)
square = ipywidgets.Label("0 squared is 0")
step.observe(lambda change: setattr(square, "value", f"{change['new']} squared is {change['new'] ** 2}"), "value")
ipywidgets.VBox([step, square])
"""

PLAYER = """
import convviz

convviz.show(convviz.correlate([1, 2, 3], [1, 1]))
"""

MODEL = """
import convviz
from tests.model_traces import NET

convviz.show(NET)
"""


def write_sample(folder: Path) -> None:
    """Write `sample.ipynb`, and the picture in it, and `model.ipynb`, into a folder of notebooks."""
    python = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cells = [nbformat.v4.new_markdown_cell(TEXT), *map(nbformat.v4.new_code_cell, [CODE.strip(), PLAYER.strip()])]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": python})
    nbformat.write(notebook, folder / "sample.ipynb")
    cells = [nbformat.v4.new_markdown_cell("# A model"), nbformat.v4.new_code_cell(MODEL.strip())]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata), folder / "model.ipynb")
    Image.new("RGB", (40, 30), "red").save(folder / "sample.png")
