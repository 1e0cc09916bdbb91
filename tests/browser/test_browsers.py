"""The choice of the browser: it is never a silent one."""

import pytest

from tests.browser import browsers
from tests.browser.browsers import browser_flags, find_browser


@pytest.fixture
def programs(monkeypatch, tmp_path):
    """Programs that are there: a function makes one, by its name."""

    def install(name):
        path = tmp_path / name
        path.touch(mode=0o755)
        return str(path)

    monkeypatch.delenv("CONVVIZ_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return install


def test_the_named_browser_comes_first(programs, monkeypatch):
    named, _, downloaded = map(programs, ["other", "chromium", "own"])
    for name in (named, "other"):
        monkeypatch.setenv("CONVVIZ_BROWSER", name)
        assert find_browser(downloaded) == named


def test_the_system_s_browser_comes_before_playwright_s_own(programs):
    chrome, downloaded = map(programs, ["google-chrome", "own"])
    assert find_browser(downloaded) == chrome
    chromium = programs("chromium")
    assert find_browser(downloaded) == chromium


def test_playwright_s_own_browser_comes_last(programs):
    downloaded = programs("own")
    assert find_browser(downloaded) == downloaded


def test_a_named_browser_that_is_not_there_fails(programs, monkeypatch):
    programs("chromium")
    monkeypatch.setenv("CONVVIZ_BROWSER", "nothing")
    with pytest.raises(pytest.fail.Exception, match="CONVVIZ_BROWSER is 'nothing': there is no such program"):
        find_browser("")


def test_no_browser_at_all_fails_and_says_how_to_get_one(programs, tmp_path):
    with pytest.raises(pytest.fail.Exception, match=r"apt-get install chromium[\s\S]*playwright install chromium"):
        find_browser(str(tmp_path / "nothing"))


@pytest.mark.parametrize(("user", "sandbox"), [(0, False), (1000, True)])
def test_only_root_goes_without_the_sandbox(user, sandbox, monkeypatch):
    monkeypatch.setattr(browsers.os, "geteuid", lambda: user, raising=False)
    assert ("--no-sandbox" not in browser_flags()) is sandbox
