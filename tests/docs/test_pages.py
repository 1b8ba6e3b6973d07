"""The site has a page for whatever the package has, and its pages say what is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import m2m_tf as m2m
from m2m_tf.cli.main import COMMANDS, parse
from tests.extras import module_of
from tools import pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
WORDS = (DOCS / "words.md").read_text(encoding="utf-8")


def test_every_public_name_has_a_page_of_its_own():
    assert {f"reference/{name}.md" for name in m2m.__all__} <= set(pages.name_pages())


@pytest.mark.parametrize("room", ["callbacks", "data", "pictures", *pages.ROOMS])
def test_the_page_of_a_room_has_each_of_its_names(room):
    page = pages.name_pages()[f"reference/{room}.md"]
    held = set(pages.literal(ROOT / "m2m_tf" / room / "__init__.py", "__all__"))
    own = set(re.findall(rf"^::: m2m_tf\.{room}\.(\w+)$", page, re.M))
    assert own == held - set(m2m.__all__)


@pytest.mark.slow
def test_the_page_of_a_command_has_its_help(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(pages.WIDTH))
    with pytest.raises(SystemExit):
        parse(["m2m", "look", "--help"])
    assert capsys.readouterr().out.strip() in pages.command_page("look")


def test_every_name_command_and_tutorial_is_in_the_navigation():
    config = type("Config", (), {"nav": [{"Tutorials": []}, {"Reference": []}]})()
    pages.on_config(config)
    shown = set(re.findall(r"'((?:reference|tutorials)/[\w/]+\.md)'", str(config.nav)))
    names = {f"reference/{name}.md" for name in (*m2m.__all__, *pages.ROOMS)}
    commands = {f"reference/commands/{name}.md" for name in COMMANDS}
    assert shown == names | commands | {f"tutorials/{each.stem}.md" for each in pages.tutorials()}


def test_a_tutorial_is_a_page_and_a_notebook_without_outputs():
    jupytext = module_of("docs", "jupytext")
    made = pages.tutorial_pages()
    for path in pages.tutorials():
        page = made[f"tutorials/{path.stem}.md"]
        assert page.startswith("# ") and f"({path.stem}.ipynb)" in page
        notebook = jupytext.reads(made[f"tutorials/{path.stem}.ipynb"], fmt="ipynb")
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(f"```python\n{cell.source}\n```" in page for cell in code)
        assert not any(cell.outputs for cell in code)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://unpkg.com/shim.js">',
        '<img alt="" src="//example.org/a.png">',
        '<link rel="stylesheet" href="https://fonts.example.org/css">',
    ],
)
def test_a_page_that_fetches_from_another_machine_is_found(html):
    assert pages.FETCHED.search(html)


def test_a_page_that_only_links_to_another_machine_is_not_found():
    html = '<a href="https://example.org"><link rel="canonical" href="https://example.org">'
    assert not pages.FETCHED.search(html + '<script src="assets/bundle.js">')


def test_what_is_no_constant_of_a_file_is_an_error(tmp_path):
    (tmp_path / "one.py").write_text("TWO = 2\n")
    with pytest.raises(ValueError, match="a line that sets THREE; there is none"):
        pages.literal(tmp_path / "one.py", "THREE")


def test_the_readme_is_two_screens_and_links_to_what_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) < 120
    assert [path for path in LINK.findall(readme) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("word", ["mind", "code", "floor", "start", "certificate", "way left"])
def test_the_glossary_explains_a_word(word):
    assert f"**{word}**" in WORDS


@pytest.mark.slow
def test_the_pages_are_made_without_the_package_being_imported():
    module_of("docs", "jupytext")
    code = (
        "import sys; sys.path.insert(0, '.'); from tools import pages; pages.name_pages();"
        " pages.tutorial_pages(); assert not {'m2m_tf', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ}, check=True)
