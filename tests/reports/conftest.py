"""Reading a page as a browser does."""

from html.parser import HTMLParser

import pytest

VOID = {"img", "meta"}


class Reader(HTMLParser):
    """Keeps a page's elements in order, and the text of each; refuses bad nesting."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.addresses = [], [], []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, name, attributes):
        assert len(dict(attributes)) == len(attributes), attributes
        self.elements.append((name, dict(attributes), []))
        if name not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, name, attributes):
        self.elements.append((name, dict(attributes), []))

    def handle_endtag(self, name):
        assert self.open[-1][0] == name, (name, [element[0] for element in self.open])
        self.open.pop()

    def handle_data(self, text):
        for element in self.open:
            element[2].append(text)

    def all(self, name):
        """The elements of a name: `[(attributes, text)]`."""
        return [(facts, "".join(text)) for kind, facts, text in self.elements if kind == name]

    def texts(self, name):
        return [text for _, text in self.all(name)]


@pytest.fixture(scope="session")
def read():
    """A function that parses HTML text into a `Reader`."""
    return Reader
