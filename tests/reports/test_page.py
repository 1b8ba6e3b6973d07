"""A report is one file that holds all it shows, and shows what it was given."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.reports import Page, bars_with_reference, scatter
from m2m_tf.reports.markup import clean

TEXT = st.text(st.characters(), max_size=30)  # surrogates and control characters too
NASTY = """<script>alert(1)</script> & "quotes" 'and' </style> \x00 \udc80 $x$"""


def whole_page(text="text"):
    """A page with every kind of part, `text` wherever a text can be."""
    page = Page(text, f"sub {text}").verdict("good", text).verdict("poor", text)
    page.heading(text).text(f"a {text}").note(f"b {text}").facts({f"c {text}": text, "n": [text]})
    page.heading(text).table([f"d {text}", "FID"], [[f"e {text}", 3.25]], text, highlight=0)
    page.picture(np.zeros((8, 8, 1)), text).picture(np.zeros((4, 6, 6, 3)), text, alt=text)
    page.heading(text).plot(bars_with_reference([text], {text: [3]}, text, (text, [2])), text, text)
    return page.plot(scatter([1, 2], [2, 4], [text, text], (text, text), True), text, text)


def test_the_page_is_a_whole_document_with_its_parts_in_order(read):
    page = read(whole_page("words").to_html())
    kinds = [name for name, _, _ in page.elements]
    assert [kinds.count(name) for name in ("html", "head", "title", "body", "main", "h1")] == [
        1
    ] * 6
    order = ["h1", "h2", "dl", "h2", "table", "figure", "figure", "h2", "figure", "figure"]
    assert [kind for kind in kinds if kind in {"h1", "h2", "dl", "table", "figure"}] == order
    assert page.all("html")[0][0] == {"lang": "en"}
    assert page.texts("h1") == page.texts("title") == ["words"]


def test_nothing_is_loaded_from_outside_the_file(read):
    html = whole_page(NASTY).to_html()
    page = read(html)
    for name, facts, _ in page.elements:
        assert name not in {"script", "link", "iframe", "object", "embed", "base", "form"}
        for key, value in facts.items():
            assert not key.startswith("on"), (name, key)
            if key in {"src", "href", "xlink:href", "srcset", "action", "background", "poster"}:
                assert value.startswith(("data:image/", "#")), (name, key, value[:80])
    assert "@import" not in html
    assert set(re.findall(r"url\(\s*(.)", html)) <= {"#"}
    policy = [facts for facts, _ in page.all("meta") if "http-equiv" in facts]
    assert policy[0]["content"].startswith("default-src 'none'")


def test_every_link_leads_to_one_place_on_the_page(read):
    page = whole_page().extend(whole_page("other"))
    elements = read(page.to_html()).elements
    places = [facts["id"] for _, facts, _ in elements if "id" in facts]
    assert len(places) == len(set(places))
    links = [
        facts[key][1:] for _, facts, _ in elements for key in ("href", "xlink:href") if key in facts
    ]
    used = re.findall(r"url\(#([^)]*)\)", page.to_html())
    assert len(links) > 3 and used
    assert set(links) | set(used) <= set(places)


@settings(deadline=None, max_examples=100)
@given(TEXT, TEXT)
def test_any_text_is_shown_as_it_is_and_adds_no_element(read, text, name):
    def build(text, name):
        page = Page(text, f"b {name}").verdict("fair", text).heading(name).note(f"a {text}")
        page.facts({text: name}).table([f"c {name}", "d"], [[text, name], [name, text]], text)
        return page.picture(np.zeros((2, 2)), name, alt=text)

    page = read(build(text, name).to_html())
    safe = read(build("x", "y").to_html())
    shown, other = clean(text), clean(name)
    # An empty line in the note begins a paragraph: their number may differ, nothing else.
    kinds = [[kind for kind, _, _ in one.elements if kind != "p"] for one in (page, safe)]
    assert kinds[0] == kinds[1]
    assert page.texts("h1") == page.texts("title") == page.texts("caption") == [shown]
    assert page.texts("h2") == [other]
    assert (page.texts("dt"), page.texts("dd")) == ([shown], [other])
    assert page.texts("td") == [other, shown]
    assert page.all("img")[0][0]["alt"] == shown
    assert [facts["aria-label"] for facts, _ in page.all("div") if "aria-label" in facts] == [shown]


def test_nasty_names_in_plots_stay_text(read):
    nasty, safe = (read(whole_page(text).to_html()) for text in (NASTY, "safe"))
    tags = {name for name, _, _ in safe.elements}
    assert {name for name, _, _ in nasty.elements} == tags
    assert any("<script>" in text and "$x$" in text for text in nasty.texts("text"))


def test_a_name_that_no_encoding_holds_is_written_with_a_replacement(tmp_path, read):
    Page("\udcff\x00name").write(tmp_path / "report.html")
    page = read((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.texts("h1") == ["\ufffd\ufffdname"]


def test_all_pictures_have_words_and_a_caption(read):
    page = read(whole_page("words").to_html())
    assert all(facts["alt"] == "words" for facts, _ in page.all("img"))
    assert [facts["aria-label"] for facts, _ in page.all("svg")] == ["words"] * 2
    assert all(facts["role"] == "img" for facts, _ in page.all("svg"))
    assert page.texts("figcaption") == ["words"] * 4


def test_table_headers_say_what_they_head_and_numbers_stand_right(read):
    columns = ["model", "FID", "KID", "how", ""]
    rows = [["a", 3.14159, "0.5 ± 0.1", "fast", 1], ["b", None, "–", "3 ways", 20_000]]
    page = read(Page("t").table(columns, rows, "Caption").to_html())
    scopes = [facts["scope"] for facts, _ in page.all("th")]
    assert scopes == ["col"] * 4 + ["row"] * 2
    assert page.texts("td") == ["", "3.142", "0.5 ± 0.1", "fast", "1", "–", "–", "3 ways", "20,000"]
    right = [text for facts, text in page.all("td") if facts.get("class") == "number"]
    assert right == ["", "3.142", "0.5 ± 0.1", "1", "–", "–", "20,000"]
    assert page.texts("caption") == ["Caption"]


def test_a_table_without_rows_shows_its_columns(read):
    assert read(Page("t").table(["a", "b"], [], "c").to_html()).texts("th") == ["a", "b"]


def test_the_same_report_gives_the_same_file():
    assert whole_page().to_html() == whole_page().to_html()


def test_a_page_taken_in_comes_whole_and_one_level_down(read):
    inner = Page("inner").verdict("fair", "so so").heading("deep").text("words")
    outer = Page("outer").heading("first").extend(inner).extend(inner)
    page = read(outer.to_html())
    assert page.texts("h2") == ["first"] and page.texts("h3") == ["deep"] * 2
    assert page.texts("h1") == ["outer"]
    assert [text for facts, text in page.all("p") if "class" not in facts] == ["words"] * 2
    assert read(inner.to_html()).texts("h2") == ["deep"]


def test_the_file_is_written_whole_and_into_a_new_folder(tmp_path):
    path = tmp_path / "new" / "report.html"
    page = whole_page("é – ü")
    assert page.write(path) == path
    assert path.read_bytes() == page.to_html().encode("utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]


def contrast(first, second):
    """The contrast of two colours. Source: WCAG 2.2, relative luminance."""

    def luminance(color):
        parts = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    high, low = sorted([luminance(first), luminance(second)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_all_text_stands_out_in_light_and_in_dark_mode(read):
    style = read(Page("t").to_html()).texts("style")[0]
    modes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(modes) == 2 and "prefers-color-scheme: dark" in style
    for mode in modes:
        colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", mode))
        pairs = [("ink", "paper"), ("faint", "paper"), ("link", "paper"), ("ink", "shade")]
        pairs += [(level, f"{level}-paper") for level in ("good", "fair", "poor")]
        for text, paper in pairs:
            assert contrast(colors[text], colors[paper]) >= 4.5, (text, paper)


BAD = {
    "level": (lambda page: page.verdict("great", "t"), "level is 'good', 'fair' or 'poor'"),
    "row": (lambda page: page.table(["a", "b"], [[1, 2], [3]], "c"), "row 1 has 1"),
    "columns": (lambda page: page.table([], [], "c"), "one column or more"),
    "highlight": (lambda page: page.table(["a"], [[1]], "c", highlight=1), "rows 0 to 0; got 1"),
    "facts": (lambda page: page.facts({}), "a dict with one entry"),
    "nan": (lambda page: page.picture(np.full((2, 2), np.nan), "c"), "NaN or infinity"),
    "range": (lambda page: page.picture(np.full((2, 2), 7.0), "c"), r"values in \[-1, 1\]"),
    "shape": (lambda page: page.picture(np.zeros((2, 2, 5)), "c"), "1 or 3 channels"),
    "bytes": (lambda page: page.picture(b"GIF89a", "c"), "bytes of a PNG file"),
    "scale": (lambda page: page.picture(np.zeros((2, 2)), "c", scale=0), "scale of 1 or more"),
    "figure": (lambda page: page.plot("figure", "c", "a"), "matplotlib.figure.Figure; got str"),
    "page": (lambda page: page.extend("page"), "expects another Page"),
    "itself": (lambda page: page.extend(page), "expects another Page"),
    "name": (lambda page: page.write("report.htm"), "must end in .html"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_shown_is_refused(name):
    page = Page("title")
    before = page.to_html()
    call, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        call(page)
    assert page.to_html() == before
