"""The tables of the documents say what the results say."""

import json
from pathlib import Path

import pytest

from benchmarks.tables import TABLES
from benchmarks.tables.write import BLOCK, DOCUMENTS, ROOT, fill

RESULTS = sorted((ROOT / "benchmarks" / "results").glob("*.json"))
SCRIPTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("quality", "speed", "serving")
    for path in (ROOT / "benchmarks" / folder).glob("*.py")
)
BLOCKS = [block for path in DOCUMENTS for block in BLOCK.findall(path.read_text("utf-8"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_the_tables_that_its_results_make(path):
    text = path.read_text(encoding="utf-8")
    assert fill(text) == text, "run make tables"


def test_every_table_and_every_result_is_in_a_document():
    assert {name for name, _, _ in BLOCKS} == set(TABLES)
    assert {ROOT / file for _, file, _ in BLOCKS} >= set(RESULTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_found_is_kept_or_said_not_to_be(script):
    results = ROOT / "benchmarks" / "results"
    kept = list(results.glob(f"{Path(script).stem}*.json"))
    assert kept or f"`{script}`" in (results / "README.md").read_text(encoding="utf-8")


def document(name="code_turns", file="turns.json", end="<!-- /table -->\n"):
    return f"Before.\n\n<!-- table: {name} from {file} -->\n{end}\nAfter.\n"


@pytest.fixture
def root(tmp_path):
    """A folder with one result."""
    errors = {"mse_own_code": 0.1, "mse_turned_code": 0.3, "mse_with_the_matrix": 0.2}
    (tmp_path / "turns.json").write_text(json.dumps({"mirrored": {"R2": 0.9, **errors}}))
    return tmp_path


def test_a_table_follows_its_result(root):
    once = fill(document(), root)
    assert "\n| mirrored | 0.900 | 0.1000 | 0.3000 | 0.2000 |\n<!-- /table -->\n\nAfter." in once
    assert fill(once, root) == once
    result = (root / "turns.json").read_text().replace("0.3", "0.4")
    (root / "turns.json").write_text(result)
    assert fill(once, root) == once.replace("0.3000", "0.4000")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (document(name="turns"), "'turns'; there are: code_turns"),
        (document(file="none.json"), "none.json; there is no such file"),
        (document(end=""), "only 0 of the tables have both"),
        (document(end="") + document(), "only 1 of the tables have both"),
        ("<!-- /table -->\n", "only 0 of the tables have both"),
    ],
)
def test_a_table_that_cannot_be_made_is_an_error(root, text, message):
    with pytest.raises(ValueError, match=message):
        fill(text, root)
