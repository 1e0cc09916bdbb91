"""The lessons as an application and as static pages: what is served and written, and the `convviz` command.

- `command`: the command line
- `settings`: what Voila and JupyterLab are told, and why
- `server`: Voila with our pages and files before its own; it says where the lessons are
- `pages`: the landing page, which needs no kernel, and the lessons
- `opening`: how a lesson looks before its kernel has started
- `site`: the lessons without a server
- `files`: files that browsers keep, compressed once
- `exporter`: the template compiled once, and pages that all end
- `kernels`: kernels kept ready, so that a lesson opens quickly
- `forking`: kernels forked from a process that has imported what they need, `preloaded`
- `connections`: messages between a page and its kernel, sent at once, and checked where strangers come
- `wire`, `rates`: what a page may say to its kernel, and how much of it
- `capacity`: how many kernels there may be, and when they end
- `accepting`: how many connections the server has at a time
- `limits`, `seccomp`: what a kernel may use of the machine
- `guard`, `identity`: what holds for every request, and who asks
- `hub`: what JupyterHub says, and what it is told
- `measures`: what an administrator can measure
- `share/jupyter`: the template, laid out as Jupyter looks for it
"""

import sys

# Jupyter's events bring along a checker of international web addresses, which nobody asks for here. It would compute a
# grammar for a second whenever a server starts; the library that imports it goes on without it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
