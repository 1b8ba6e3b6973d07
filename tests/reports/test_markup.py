"""HTML out of text that may hold anything."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.reports.markup import Markup, clean, escape, tag


class Shown(HTMLParser):
    """What a browser would show, and the elements it would make."""

    def __init__(self, text):
        super().__init__()
        self.text, self.tags, self.attributes = "", [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        self.attributes.update(attributes)

    def handle_data(self, data):
        self.text += data


@given(st.text())
def test_any_text_is_shown_as_it_is_and_makes_no_element(text):
    shown = Shown(tag("p", text, title=text))
    assert shown.tags == ["p"]
    assert shown.text == shown.attributes["title"] == clean(text)


def test_what_no_page_can_hold_is_replaced():
    assert clean("a\x00b\ud800c\x85") == "a\ufffdb\ufffdc\ufffd"
    assert clean("a\r\nb\rc") == "a\nb\nc"
    assert clean(3) == "3"


def test_markup_is_not_escaped_again():
    inner = tag("b", "1 < 2")
    assert tag("p", inner, " & 3") == "<p><b>1 &lt; 2</b> &amp; 3</p>"
    assert escape(inner) is inner and isinstance(escape("<"), Markup)


def test_attributes_have_the_names_of_html_and_none_is_left_out():
    made = tag("td", "x", class_="number", aria_label="a", scope=None)
    assert made == '<td class="number" aria-label="a">x</td>'


def test_elements_that_hold_nothing_are_not_closed():
    assert tag("img", src="a.png", alt="") == '<img src="a.png" alt="">'
