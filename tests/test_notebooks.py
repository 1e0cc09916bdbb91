"""Every notebook runs top to bottom, without an error and without a word on stderr."""

from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel for all notebooks, without the settings and start-up files of whoever runs the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
        manager = KernelManager()
        manager.start_kernel(cwd=str(NOTEBOOKS[0].parent))
        yield manager
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, kernel):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))  # nothing is left of the notebook before
    client = NotebookClient(notebook, km=kernel, timeout=120, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute(cleanup_kc=False)
    finally:
        client.kc.stop_channels()
    code = [cell for cell in notebook.cells[1:] if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert bool(outputs) == bool(code), "it computes, and shows nothing"
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
