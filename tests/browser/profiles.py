"""Profiles of the browser that one visitor after the other uses: what was loaded is kept, what was stored is not.

To load and compile JupyterLab's programs anew for each of its pages is a third of what such a page takes.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

ONE_PROCESS = "--process-per-site"
"""The browser's flag that lets all pages of a profile share a process, and so the programs that it has compiled."""


@dataclass
class Profile:
    """A context of the browser, and a page in it that stays open, so that the context's process lives on."""

    context: BrowserContext
    anchor: Page
    session: CDPSession
    origin: str
    options: dict[str, Any]


class Profiles:
    """Lends profiles: each to one visit at a time, and as a new one would be but for what the browser has loaded."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Profile] = []

    def take(self, origin: str, **options: Any) -> Profile:
        """Lend a profile for a server, with the options of playwright's contexts."""
        for profile in self._free:
            if (profile.origin, profile.options) == (origin, options):
                self._free.remove(profile)
                return profile
        return self._make(origin, options)

    def give_back(self, profile: Profile) -> None:
        """Close the pages of a profile, and clear what they stored."""
        for page in profile.context.pages:
            if page != profile.anchor:
                page.close()
        profile.context.clear_cookies()
        profile.context.clear_permissions()
        profile.session.send("Storage.clearDataForOrigin", {"origin": profile.origin, "storageTypes": "all"})
        self._free.append(profile)

    def close(self) -> None:
        """Close all profiles that nobody uses."""
        for profile in self._free:
            profile.context.close()
        self._free.clear()

    def _make(self, origin: str, options: dict[str, Any]) -> Profile:
        context = self._browser.new_context(**options)
        anchor = context.new_page()
        anchor.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        anchor.goto(origin)
        anchor.unroute_all()
        return Profile(context, anchor, context.new_cdp_session(anchor), origin, options)
