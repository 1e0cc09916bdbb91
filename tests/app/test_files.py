"""Files that a browser may keep: found nowhere else, compressed, and under an address that changes when they do."""

import gzip

import pytest
from tornado.testing import AsyncHTTPTestCase
from tornado.web import Application

from convviz.app.files import KeptFiles, find_in, key_of


def test_a_file_is_found_in_the_first_folder_that_has_it_and_not_outside(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.js").write_text(name)
    (tmp_path / "secret.txt").write_text("not served")
    folders = [tmp_path / "one", str(tmp_path / "two")]
    assert find_in(folders, "a.js") == tmp_path / "one" / "a.js"
    for path in ("../secret.txt", "../one/../secret.txt", str(tmp_path / "secret.txt"), "none.js", "", "."):
        assert find_in(folders, path) is None


def test_the_key_changes_with_the_files(tmp_path):
    (tmp_path / "a.js").write_text("1")
    before = key_of([tmp_path])
    assert key_of([tmp_path]) == before
    (tmp_path / "a.js").write_text("23")
    assert key_of([tmp_path]) != before


class TestKeptFiles(AsyncHTTPTestCase):
    """Ask a server for some files."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path
        self.text = "let a = 1;\n" * 1000
        (tmp_path / "long.js").write_text(self.text)
        (tmp_path / "short.js").write_text("1")
        (tmp_path / "picture.png").write_bytes(bytes(5000))

    def get_app(self):
        return Application([(r"/kept/(.*)", KeptFiles, {"find": lambda path: find_in([self.folder], path)})])

    def ask(self, name, accepts="gzip"):
        return self.fetch(f"/kept/{name}", headers={"Accept-Encoding": accepts}, decompress_response=False)

    def test_long_texts_travel_compressed_where_that_is_understood(self):
        packed = self.ask("long.js")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body).decode() == self.text
        plain = self.ask("long.js", accepts="identity")
        assert "Content-Encoding" not in plain.headers
        assert plain.body.decode() == self.text
        for name in ("short.js", "picture.png"):
            assert "Content-Encoding" not in self.ask(name).headers

    def test_they_may_be_kept_for_ever(self):
        assert "immutable" in self.ask("long.js").headers["Cache-Control"]
        assert self.ask("none.js").code == 404
