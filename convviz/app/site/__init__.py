"""The course as a folder of static pages, for any web server: `convviz build FOLDER`.

- `build`: writes the folder
- `prose`: a notebook's Markdown as HTML, its formulas as MathML
- `pages`: the pages, from the app's templates
- `api`, `docstrings`, `gallery`: the page of all public names, their docstrings, their pictures
- `baking`: what a page shows without Python: first pictures, all steps, what is said at each
- `widgets`: the widgets of a page, numbered in the same way here and in the browser's Python
- `distribution`: the Python for browsers that goes with the pages
- `packing`: archives that a browser unpacks fast
- `starting`: how that Python starts, and what it leaves out
- `waking`: what that Python runs: the cells of a page, and messages to and from its widgets
- `browser`: the page's side
"""
