"""Each notebook runs from its first cell to its last, as Jupyter runs it: make notebooks."""

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted(Path(__file__).parent.glob("[0-9]*.py"))
FEW = {"M2M_EPOCHS": "2", "M2M_IMAGES": "160"}
SECONDS = 300  # a cell at most


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_to_its_end(path, tmp_path, monkeypatch):
    for name, value in FEW.items():
        monkeypatch.setenv(name, value)
    notebook = jupytext.read(path)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=SECONDS, resources=place).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
