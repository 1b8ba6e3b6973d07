"""The parts of a page."""

from m2m_tf.reports import Page
from m2m_tf.reports.parts import Heading, Still


def test_one_row_is_highlighted(read):
    page = read(Page("t").table(["a"], [["x"], ["y"]], "c", highlight=1).to_html())
    rows = page.all("tr")
    assert [text for facts, text in rows if facts.get("class") == "highlight"] == ["y"]


def test_only_pages_of_many_sections_list_them(read):
    page = Page("t").heading("one").heading("two")
    assert not read(page.to_html()).all("nav")
    assert read(page.heading("three").to_html()).texts("a") == ["one", "two", "three"]


def test_an_empty_line_begins_a_paragraph(read):
    page = read(Page("t").text("one\ntwo\r\n\r\nthree\n\n\n\n").to_html())
    assert page.texts("p") == ["one\ntwo", "three"]


def test_a_part_has_an_identifier_that_no_other_place_has():
    assert Heading("a").at(3) == '<h2 id="part-3">a</h2>'
    assert Heading("a", level=9).at(4) == '<h6 id="part-4">a</h6>'
    assert Still("same").at(1) == Still("same").at(2) == "same"
