"""The lessons as an application: what Voila and JupyterLab are told, Voila's template, the `convviz` command.

- `command`: the command line
- `settings`: what Voila and JupyterLab are told, and why
- `server`: Voila, saying where the lessons are
- `kernels`: a kernel kept ready, so that a lesson opens quickly
- `share/jupyter`: the template, laid out as Jupyter looks for it
"""
