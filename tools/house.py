"""How the package is built, in figures, beside the codebases that it learns from.

Prints a table: sizes of files and functions, docstrings, hints, comments, parameters, tests; then
the circles among the rooms and among the files, of which there should be none. 3 seconds.

    python tools/house.py

Functions are counted with their docstrings, nested ones too; public is what no underscore begins,
methods included; parameters are without self, *args and **kwargs; a comment is a line of its own.
The anchors' figures are constants, of November 2026, measured so on these folders, tests left out:
keras/src/callbacks (Keras), keras_hub/src/models (KerasHub), sonnet (Sonnet), equinox (equinox),
torch_fidelity (torch-fidelity).
"""

import ast
import dataclasses
from pathlib import Path
from statistics import median, quantiles

import grimp
import numpy as np
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "m2m_tf"
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
SMALL_FILE, LONG_FUNCTION, MANY_PARAMETERS = 40, 40, 8


@dataclasses.dataclass(frozen=True)
class House:
    """The figures of a codebase; shares in percent, None where they were not measured."""

    files: int
    lines: int
    median_file: float
    small_files: float
    longest_file: int
    median_function: float
    function_90: float
    longest_function: int
    long_functions: float
    public_docstrings: float
    typed_parameters: float
    comments: float
    many_parameters: float
    most_parameters: int
    tests_to_code: float | None


WORDS = {
    "files": "files",
    "lines": "lines",
    "median_file": "lines of a file, median",
    "small_files": f"files of {SMALL_FILE} lines at most, %",
    "longest_file": "lines of the longest file",
    "median_function": "lines of a function, median",
    "function_90": "lines of a function, 90th percentile",
    "longest_function": "lines of the longest function",
    "long_functions": f"functions over {LONG_FUNCTION} lines, %",
    "public_docstrings": "public names with a docstring, %",
    "typed_parameters": "parameters with a hint, %",
    "comments": "lines of comment in 1,000",
    "many_parameters": f"functions with more than {MANY_PARAMETERS} parameters, %",
    "most_parameters": "most parameters",
    "tests_to_code": "lines of tests to a line of code",
}
ANCHORS = {
    "Keras callbacks": House(18, 3576, 130, 6, 704, 9, 30, 84, 6.9, 35, 0, 50, 1.1, 10, 1.08),
    "KerasHub": House(662, 134794, 135, 26, 1828, 16, 74, 531, 21.8, 36, 0, 35, 6.5, 41, 0.22),
    "Sonnet": House(71, 11593, 114, 21, 1717, 8, 46, 93, 12.4, 59, 61, 113, 3.7, 12, 0.93),
    "equinox": House(72, 15976, 134, 18, 1278, 7, 40, 428, 9.8, 54, 47, 54, 1.4, 15, None),
    "torch-fidelity": House(30, 4258, 84, 23, 545, 8, 35, 329, 8.8, 16, 10, 24, 0, 7, None),
}


def measure(package, tests):
    """Returns the `House` of a package's folder and its tests'."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py"))]
    trees = [ast.parse(text) for text in texts]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, FUNCTION)]
    documented = [ast.get_docstring(node) is not None for tree in trees for node in public(tree)]
    files = [len(text.splitlines()) for text in texts]
    lengths = [node.end_lineno - node.lineno + 1 for node in functions]
    parameters = [parameters_of(node) for node in functions]
    typed = [each.annotation is not None for some in parameters for each in some]
    comments = [line.lstrip().startswith("#") for text in texts for line in text.splitlines()]
    return House(
        files=len(files),
        lines=sum(files),
        median_file=median(files),
        small_files=percent(count <= SMALL_FILE for count in files),
        longest_file=max(files),
        median_function=median(lengths),
        function_90=quantiles(lengths, n=10)[-1],
        longest_function=max(lengths),
        long_functions=percent(count > LONG_FUNCTION for count in lengths),
        public_docstrings=percent(documented),
        typed_parameters=percent(typed),
        comments=10 * percent(comments),
        many_parameters=percent(len(some) > MANY_PARAMETERS for some in parameters),
        most_parameters=max(map(len, parameters)),
        tests_to_code=count_lines(tests) / sum(files),
    )


def public(node):
    """Yields the public functions and classes of a module or a class, and theirs."""
    for each in node.body:
        if isinstance(each, (*FUNCTION, ast.ClassDef)) and not each.name.startswith("_"):
            yield each
            if isinstance(each, ast.ClassDef):
                yield from public(each)


def parameters_of(function):
    """The parameters that a caller gives by name or place."""
    given = function.args
    named = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    return [each for each in named if each.arg not in ("self", "cls")]


def percent(flags):
    """The share of true ones, in percent."""
    return 100 * float(np.mean(list(flags)))


def count_lines(folder):
    """The number of lines of Python in a folder."""
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return sum(len(text.splitlines()) for text in texts)


def circles(rooms):
    """Returns the sets of modules that import each other, sorted; of whole rooms, or of files.

    Imports for hints alone do not count.
    """
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    for room in graph.find_children(PACKAGE) if rooms else ():
        graph.squash_module(room)
    names = sorted(graph.modules)
    arrows = [
        [graph.direct_import_exists(importer=one, imported=other) for other in names]
        for one in names
    ]
    _, numbers = connected_components(np.array(arrows), directed=True, connection="strong")
    groups = [
        [name for name, at in zip(names, numbers, strict=True) if at == n] for n in set(numbers)
    ]
    return sorted(group for group in groups if len(group) > 1)


def table(houses):
    """Returns the lines of a table, one a figure, one column a codebase."""
    rows = [["", *houses]]
    for name, words in WORDS.items():
        rows.append([words, *(as_text(getattr(house, name)) for house in houses.values())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])])
        for cells in rows
    ]


def as_text(figure):
    """A figure with the digits that say something."""
    if figure is None:
        return "-"
    return f"{figure:,.0f}" if figure >= 10 else f"{figure:.2g}"


def main():
    """Prints the table and the circles."""
    ours = measure(ROOT / PACKAGE, ROOT / "tests")
    print("\n".join(table({PACKAGE: ours, **ANCHORS})))
    for what, rooms in (("rooms", True), ("files", False)):
        found = [" <-> ".join(circle) for circle in circles(rooms)]
        print(f"\ncircles among {what}:", "; ".join(found) or "none")


if __name__ == "__main__":
    main()
