"""Whether pyright knows the types of what m2m_tf offers, as an editor would show them.

    python tools/public_types.py

Runs `pyright --verifytypes m2m_tf --ignoreexternal` and reads of its report the names that users
meet: those of the root and of the rooms that it names, and the classes that their hints name.
Prints the hints that are missing there, and ends with status 1 if there are any; what is unknown
because Keras or matplotlib says nothing does not count. 20 seconds. Behind Keras' decorator pyright
does not look: the methods of `Autoencoder` and `Mind2Mind` are held by `tests/test_hints.py`.
"""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYRIGHT = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
VERIFY = ["--verifytypes", "m2m_tf", "--ignoreexternal", "--outputjson"]
MISSING = ("Type annotation", "Return type annotation", "Type is missing", "Type argument")


def offered():
    """Yields the functions and classes that users meet."""
    import m2m_tf as m2m
    from m2m_tf.codes import CodeStore
    from m2m_tf.evaluation import Result
    from m2m_tf.features import Extractor
    from m2m_tf.metrics import Figure
    from m2m_tf.minds.thaw import Thawed
    from m2m_tf.reports import Page
    from m2m_tf.runs.transfer import Transferred
    from m2m_tf.workers import Workers

    for name in m2m.__all__:
        found = getattr(m2m, name)
        if inspect.ismodule(found):
            yield from (getattr(found, each) for each in found.__all__)
        else:
            yield found
    yield from (CodeStore, Extractor, Figure, Page, Result, Thawed, Transferred, Workers)


def main():
    """Prints how many names have hints, and which hints are missing."""
    # Named, as pyright does not follow what an editable installation leaves in its place.
    place = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*PYRIGHT, *VERIFY], cwd=ROOT, env=place, capture_output=True, text=True)
    names = {f"{each.__module__}.{each.__qualname__}" for each in offered()}
    symbols = [
        symbol
        for symbol in json.loads(done.stdout)["typeCompleteness"]["symbols"]
        if is_of(symbol["name"], names)
    ]
    missing = [line for symbol in symbols for line in complaints(symbol)]
    print("\n".join([*missing, f"{len(symbols)} public names; {len(missing)} hints are missing"]))
    return 1 if missing or not symbols else 0


def is_of(name, names):
    """Whether a name of the report is one of these, or a member of one."""
    return name in names or name.rpartition(".")[0] in names


def complaints(symbol):
    """The hints that a symbol lacks, a line each."""
    for each in symbol["diagnostics"]:
        message = each["message"].splitlines()[0]
        if message.startswith(MISSING):
            yield f"{symbol['name']}: {message}"


if __name__ == "__main__":
    sys.exit(main())
