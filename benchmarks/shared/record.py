"""The record of finished runs: one JSON file, written after each."""

import json
from pathlib import Path

from m2m_tf.reports import write_json
from m2m_tf.reports.json_file import to_plain


class Record:
    """Finished runs by contender and seed.

    Args:
        path: The JSON file; read where it is there.

    Attributes:
        facts: What holds for all runs.
    """

    def __init__(self, path):
        self.path = Path(path)
        found = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
        self.facts, self._runs = found.get("facts", {}), found.get("runs", {})

    def find(self, name, settings):
        """The run of a contender with those settings; None where there is none."""
        run = self._runs.get(_key(name, settings))
        return run if run is not None and run["settings"] == to_plain(settings) else None

    def add(self, name, run):
        """Keeps a finished run, which holds its settings, and writes the file."""
        self._runs[_key(name, run["settings"])] = to_plain(run)
        write_json(self.path, {"facts": self.facts, "runs": self._runs})


def _key(name, settings):
    return f"{name}, seed {settings['seed']}, {settings['budget']:g} s"
