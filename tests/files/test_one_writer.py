"""Files that users keep are written in one place, `m2m_tf.files`, whole or not at all."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "m2m_tf"
METHODS = ("write_text", "write_bytes", "rename", "renames", "tofile", "imwrite")
MOVE = ("shutil", "move")
SAVERS = ("save", "savez", "savez_compressed", "savetxt")  # of numpy
EXCEPTIONS = {
    "codes/labels.py": "np.save",  # into memory, for write_durably
    "serving/check.py": "np.savez",  # into a temporary folder, for the process that it starts
}


def writes_in(source):
    """The calls in a source that write or rename a file themselves."""
    tree = ast.parse(source)
    whole = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and "replacing(" in ast.unparse(block.items[0])
        for node in ast.walk(block)
    }
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in whole
    ]
    return [ast.unparse(call.func) for call in calls if _writes(call)]


def _writes(call):
    owner, _, name = ast.unparse(call.func).rpartition(".")
    if name in ("open", "fdopen"):
        return any(map(_is_mode, [*call.args, *(keyword.value for keyword in call.keywords)]))
    if name == "replace":  # of os and of Path; that of a text takes two, of a dataclass names
        return owner == "os" or (len(call.args) == 1 and not call.keywords)
    return name in METHODS or (owner == "np" and name in SAVERS) or (owner, name) == MOVE


def _is_mode(value):
    text = value.value if isinstance(value, ast.Constant) else None
    return isinstance(text, str) and len(text) <= 3 and set(text) & set("wax+") != set()


@pytest.mark.parametrize(
    "source",
    [
        "path.write_text('a')",
        "Path('a').write_bytes(b'a')",
        "open('a.txt', 'w')",
        "open('a.txt', mode='ab')",
        "path.open('x')",
        "os.fdopen(number, 'w+')",
        "os.replace('a', 'b')",
        "path.rename('b')",
        "path.replace(other)",
        "np.savez('a.npz', **arrays)",
        "shutil.move('a', 'b')",
    ],
)
def test_a_write_is_found(source):
    assert writes_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "open('a.txt')",
        "open('a.txt', 'rb')",
        "archive.open(name)",
        "text.replace('a', 'b')",
        "dataclasses.replace(store, labels=None)",
        "model.save('folder')",
        "with replacing('a.npz') as unfinished:\n    np.savez(unfinished, **arrays)",
    ],
)
def test_what_reads_or_writes_through_the_one_place_is_not_found(source):
    assert writes_in(source) == []


def test_nothing_outside_of_files_writes_a_file_itself():
    found = {}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if name.split("/")[0] != "files" and (writes := writes_in(path.read_text())):
            found[name] = ", ".join(writes)
    assert found == EXCEPTIONS, (
        "A file that is cut off half way is damaged: write it with m2m_tf.files.durable, "
        "write_durably(path, content) or replacing(path)."
    )
