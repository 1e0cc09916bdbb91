"""What a page is for those who do not see it: what axe-core finds wrong, and what a screen reader is told."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Locator, Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""WCAG 2.2, levels A and AA, in axe-core's words: each tag holds what its version and level added."""

RUN = """async (within, [levels, colours]) => (await axe.run(within, {
  runOnly: colours === "only" ? { type: "rule", values: ["color-contrast"] } : { type: "tag", values: levels },
  rules: colours === "none" ? { "color-contrast": { enabled: false } } : {},
  resultTypes: ["violations"], iframes: false,
})).violations"""

SPARE = """() => {
  const { "target-size": size, "target-offset": offset } = axe._audit.checks;
  const [isLarge, isApart, large] = [size.evaluate, offset.evaluate, new WeakSet()];
  size.evaluate = function (node, ...rest) {
    const answer = isLarge.call(this, node, ...rest);
    large[answer === true ? "add" : "delete"](node);
    return answer;
  };
  offset.evaluate = function (node, ...rest) {
    return large.has(node) || isApart.call(this, node, ...rest);
  };
}"""
"""A target has to be large or else apart from all others: axe measures how far apart even for those that are large,
which takes as long as all that it checks besides colours."""

WITHOUT_MEANING = {"none", "generic", "InlineTextBox"}
"""Roles of what a screen reader passes over: only what is inside is read."""


def check(page: Page, within: Locator | str | None = None, *, colours: str = "too") -> None:
    """Fail with every violation that axe-core finds on a page, or within one element of it.

    Parameters
    ----------
    within
        The element, or its CSS selector. Without one the page as a whole is checked: its title, language and landmarks
        too.
    colours
        "only" checks whether what is written stands out enough, and "none" all else: half of the time goes there, and a
        theme changes nothing else.

    Raises
    ------
    AssertionError
        Names each rule that is broken, where, and why.
    """
    if isinstance(within, str):
        within = page.locator(within)
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
        page.evaluate(SPARE)
    violations = (page.locator("html") if within is None else within).evaluate(RUN, [LEVELS, colours])
    assert not violations, "\n".join(_describe(violations))


def _describe(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        yield f"{violation['id']} ({violation['impact']}): {violation['help']}"
        for node in violation["nodes"]:
            # A target is a list of selectors: one for each shadow root on the way.
            yield f"  {' '.join(map(str, node['target']))}: {node['html'][:120]}"
            yield from (f"    {line.strip()}" for line in node["failureSummary"].splitlines()[1:])


def names(page: Page) -> list[tuple[str, str]]:
    """Return what the browser tells a screen reader: the role and name of all that is on a page, in reading order."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    [root] = [node for node in nodes if "parentId" not in node]
    return [told for node in _in_reading_order(root, by_id) if (told := _told(node)) is not None]


def _in_reading_order(node: dict[str, Any], by_id: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("childIds", ()):
        if child in by_id:
            yield from _in_reading_order(by_id[child], by_id)


def _told(node: dict[str, Any]) -> tuple[str, str] | None:
    role = node.get("role", {}).get("value", "none")
    if node["ignored"] or role in WITHOUT_MEANING:
        return None
    return role, node.get("name", {}).get("value", "")
