"""How a lesson looks before its kernel has started: written down beforehand, once for each version of convviz.

- `trees`: a widget and what is inside of it, as data
- `notebook`: the widgets that a notebook shows
- `store`: where all of this is kept, and what writes it
"""
