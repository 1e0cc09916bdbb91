"""`import convviz` is cheap, and still shows all it has."""

import ast
import inspect
import json
import subprocess
import sys
from importlib import import_module

import pytest

import convviz

HEAVY = ["matplotlib", "ipywidgets", "anywidget", "IPython", "PIL", "scipy", "torch"]


def run_fresh(code: str) -> list[str]:
    """Run code in a Python that has imported nothing yet; it prints a list as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stdout)
    return names


def test_importing_convviz_loads_none_of_its_modules():
    loaded = run_fresh("import convviz, json, sys; print(json.dumps(sorted(sys.modules)))")
    assert [name for name in loaded if name.startswith("convviz")] == ["convviz"]
    assert not set(HEAVY) & set(loaded)


def test_a_name_that_is_used_loads_only_what_it_needs():
    loaded = run_fresh("import convviz, json, sys; convviz.correlate; print(json.dumps(sorted(sys.modules)))")
    assert "convviz.operations.convolution.correlate" in loaded
    assert not [name for name in loaded if name.startswith(("convviz.operations.libraries", "convviz.lessons"))]


def test_a_name_is_the_same_object_each_time_and_in_its_module():
    code = (
        "import convviz, json\n"
        "first = convviz.conv_layer\n"
        "from convviz.operations.layers.conv_layer import conv_layer\n"
        "print(json.dumps([first is conv_layer is convviz.conv_layer, 'conv_layer' in vars(convviz)]))"
    )
    assert run_fresh(code) == [True, True]


def test_a_star_brings_every_public_name():
    listed = run_fresh("import json\nfrom convviz import *\nprint(json.dumps(sorted(globals())))")
    assert set(convviz.__all__) <= set(listed)


def test_the_server_of_the_lessons_loads_nothing_that_draws():
    loaded = run_fresh("import convviz.app.server, json, sys; print(json.dumps(sorted(sys.modules)))")
    assert not {"numpy", "matplotlib", "ipywidgets", "convviz.lessons"} & set(loaded)


@pytest.mark.parametrize("name", ["geometry", "numerals", "operations", "samples", "terms", "trace"])
def test_subpackages_are_there_without_an_import_of_their_own(name):
    assert run_fresh(f"import convviz, json; print(json.dumps(convviz.{name}.__name__))") == f"convviz.{name}"


def test_type_checkers_and_editors_find_each_name_where_it_really_is():
    read = {}
    for block in ast.parse(inspect.getsource(convviz)).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for line in block.body:
                assert isinstance(line, ast.ImportFrom)
                read |= {alias.name: line.module for alias in line.names}
    assert sorted(read) == sorted(convviz.__all__)
    for name, home in read.items():
        assert getattr(convviz, name) is getattr(import_module(home), name), name


def test_computing_a_step_loads_nothing_that_draws():
    loaded = run_fresh(
        "import convviz, json, sys\n"
        "convviz.correlate([1, 2, 3, 4], [5, 6, 7])[1].describe()\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert not set(HEAVY) & set(loaded)


def test_dir_lists_the_public_names_before_they_are_loaded():
    listed = run_fresh("import convviz, json; print(json.dumps(dir(convviz)))")
    assert {"correlate", "convolve", "show", "Player"} <= set(listed)
    assert sorted(listed) == sorted([*convviz.__all__, "__version__"])


def test_every_public_name_is_there_and_documented():
    for name in convviz.__all__:
        assert getattr(convviz, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(convviz, "no_such_name")
