"""Reads the HTML of a note as a browser would."""

from html.parser import HTMLParser

HEADINGS = {"h3", "h4", "h5"}


class Page(HTMLParser):
    """The text, headings, code, and tables (by caption; rows by heading) of a note, whose tags must nest."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tables, self.codes, self.headings = "", {}, [], []
        self._within, self._row = [], []
        self.feed(html)
        assert not self._within

    def handle_starttag(self, tag, attrs):
        assert tag != "th" or dict(attrs)["scope"] == ("col" if "thead" in self._within else "row")
        if tag in {"img", "wbr"}:
            return
        self._within.append(tag)
        if tag == "tr":
            self._row = []
        if tag in {"th", "td"}:
            self._row.append("")
        if tag == "pre":
            self.codes.append("")
        if tag in HEADINGS:
            self.headings.append("")

    def handle_endtag(self, tag):
        assert self._within.pop() == tag
        if tag == "tr":
            caption = list(self.tables)[-1]
            self.tables[caption][self._row[0]] = self._row[1:]

    def handle_data(self, data):
        data = data.replace("\xa0", " ")
        self.text += data
        within = set(self._within)
        if "caption" in within:
            self.tables[data] = {}
        if {"th", "td"} & within:
            self._row[-1] += data
        if "pre" in within:
            self.codes[-1] += data
        if HEADINGS & within:
            self.headings[-1] += data
