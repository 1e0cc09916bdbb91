"""How Voila makes a notebook into a page: with the template compiled once, and to an end whatever happens."""

from collections.abc import AsyncIterator
from typing import Any

import nbformat
from jinja2.bccache import Bucket, BytecodeCache
from voila import handler, notebook_renderer
from voila.exporter import VoilaExporter
from voila.notebook_renderer import NotebookRenderer

_BROKEN = """
</script><div class="lesson-broken" role="alert"><p>This page could not be made ready: the program has an error, which
is noted. Other pages may well work.</p></div>
<script>document.body.classList.remove("lesson-loading", "lesson-early")</script></main></body></html>
"""


class KeptCode(BytecodeCache):
    """Templates' compiled code, kept in memory as long as their files stay the same."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of a template, if it is kept."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


class LessonExporter(VoilaExporter):  # type: ignore[misc]  # Voila has no types
    """Voila's exporter. There is one for each page: compiling its 18 templates would be most of a page's first wait."""

    _code = KeptCode()

    @property
    def environment(self) -> Any:
        """Jinja's environment for the templates."""
        environment = super().environment
        environment.bytecode_cache = self._code
        return environment


class LessonRenderer(NotebookRenderer):  # type: ignore[misc]  # Voila has no types
    """Voila's renderer, whose pages all end: without this, one with an error would load for ever."""

    async def generate_content_generator(self, kernel_id: Any = None, kernel_future: Any = None) -> AsyncIterator[Any]:
        """Make the parts of a page; after an error, one that says so."""
        self.request_handler.kernel_id = kernel_id
        try:
            async for part in super().generate_content_generator(kernel_id, kernel_future):
                yield part
        except Exception:
            self.log.exception("The page of %s has an error", self.notebook_path)
            self.request_handler.give_up("broken")
            yield _BROKEN, {}


def make_pages() -> None:
    """Let Voila use our exporter and our renderer: it has no setting for that."""
    notebook_renderer.VoilaExporter = LessonExporter
    handler.NotebookRenderer = LessonRenderer


async def warm_up(template_paths: list[str]) -> None:
    """Compile what a page needs before the first visitor waits for it: the templates, and the check of notebooks."""
    notebook = nbformat.reads(nbformat.writes(nbformat.v4.new_notebook()), as_version=4)
    notebook.cells = [nbformat.v4.new_markdown_cell("# A title")]
    exporter = LessonExporter(template_paths=template_paths, template_name="convviz", base_url="/")
    resources = {"base_url": "/", "theme": "light", "metadata": {"name": "none"}}
    context = {"frontend": "voila", "main_js": "", "kernel_start": _no_kernel, "cell_generator": _no_cells}
    pages = exporter.generate_from_notebook_node(notebook, resources, context, page_config={"fullStaticUrl": ""})
    async for _ in pages:
        pass


async def _no_kernel(_: Any) -> str:
    return ""


async def _no_cells(*_: Any) -> AsyncIterator[Any]:
    return
    yield
