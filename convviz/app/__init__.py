"""The lessons as an application: what Voila and JupyterLab are told, Voila's template, the `convviz` command.

- `command`: the command line
- `settings`: what Voila and JupyterLab are told, and why
- `server`: Voila with our pages and files before its own; it says where the lessons are
- `pages`: the landing page, which needs no kernel, and the lessons
- `opening`: how a lesson looks before its kernel has started
- `files`: files that browsers keep, compressed once
- `exporter`: the template compiled once
- `kernels`: kernels kept ready, so that a lesson opens quickly
- `forking`: kernels forked from a process that has imported what they need, `preloaded`
- `connections`: messages between a page and its kernel, sent at once
- `share/jupyter`: the template, laid out as Jupyter looks for it
"""
