"""Fills the tables of the documents from the results that are kept, so that both say the same.

    python benchmarks/tables/write.py          (or make tables; a second)

A table stands in README.md or a file of docs/, between two lines:

    <!-- table: universal from benchmarks/results/preset_quality.json -->
    <!-- /table -->

The first names one of `TABLES` and a JSON file by its path from the root; a path with `*` names
several. What stands between them is replaced. Prints which documents changed.
"""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^<!-- table: (\S+) from (\S+) -->\n(.*?)^<!-- /table -->$", re.M | re.S)
EDGE = re.compile(r"<!-- /?table\b")


def main():
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        filled = fill(text)
        if filled != text:
            path.write_text(filled, encoding="utf-8")
            print(path.relative_to(ROOT))


def fill(text, root=ROOT):
    """A document with its tables made anew.

    Args:
        text: The document.
        root: The folder from which results are named.

    Raises:
        ValueError: If a table's name is unknown, its file is missing, or it is not closed.
    """
    blocks = BLOCK.findall(text)
    if len(EDGE.findall(text)) != 2 * len(blocks):
        raise ValueError(
            "A table expects a line <!-- table: NAME from FILE --> and, below it, a line "
            f"<!-- /table -->; only {len(blocks)} of the tables have both."
        )
    return BLOCK.sub(lambda block: _filled(*block.groups()[:2], root), text)


def _filled(name, file, root):
    if name not in TABLES:
        raise ValueError(f"No table is called {name!r}; there are: {', '.join(TABLES)}.")
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(root.glob(file))]
    if not found:
        raise ValueError(f"The table {name!r} expects the results {file}; there is no such file.")
    columns, rows = TABLES[name](found if "*" in file else found[0])
    lines = [_line(columns), "|" + "---|" * len(columns), *map(_line, rows)]
    return "\n".join([f"<!-- table: {name} from {file} -->", *lines, "<!-- /table -->"])


def _line(cells):
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
