"""`import convviz` is cheap, and still shows all it has."""

import json
import subprocess
import sys

import convviz

HEAVY = ["matplotlib", "ipywidgets", "anywidget", "IPython", "PIL", "scipy", "torch"]


def run_fresh(code: str) -> list[str]:
    """Run code in a Python that has imported nothing yet; it prints a list as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stdout)
    return names


def test_importing_convviz_loads_nothing_that_draws():
    loaded = run_fresh("import convviz, json, sys; print(json.dumps(sorted(sys.modules)))")
    assert "numpy" in loaded
    assert not set(HEAVY) & set(loaded)


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
    assert set(convviz.__all__) <= set(listed)


def test_every_public_name_is_there_and_documented():
    for name in convviz.__all__:
        assert getattr(convviz, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(convviz, "no_such_name")
