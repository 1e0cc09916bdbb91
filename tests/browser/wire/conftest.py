"""The page of these journeys: one for all of them, loaded anew for each, with nothing to complain of."""

import pytest

from tests.browser.wire.page import LAPTOP, TELEPHONE, opened, renewed, separate


@pytest.fixture(scope="package")
def shared(browser):
    trouble = []
    page = opened(browser, trouble, **LAPTOP)
    yield page, trouble
    page.close()


@pytest.fixture
def page(shared):
    page, trouble = shared
    page.set_viewport_size(LAPTOP["viewport"])
    yield renewed(page)
    found = [*trouble]
    trouble.clear()
    assert found == []


@pytest.fixture
def timed(browser):
    """A page of its own: a clock that was set stays so."""
    with separate(browser, **LAPTOP) as page:
        yield page


@pytest.fixture
def telephone(browser):
    """A page that is used with fingers."""
    with separate(browser, **TELEPHONE) as page:
        yield page
