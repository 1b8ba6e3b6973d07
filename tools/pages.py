"""The pages of the site that are made as it is built: names, commands, tutorials.

MkDocs calls it (`hooks` in mkdocs.yml; `make docs`). The page of a name has its docstring, which
mkdocstrings reads from the source without running it; that of a command what its --help prints;
that of a tutorial its notebook, with a link to it as an .ipynb file. Which names and commands
there are is read from the source, too, so a new one has its page.
"""

import ast
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "m2m_tf"
ROOMS = ("features", "metrics", "theory")  # below the root, and named in the documents
NOTEBOOKS = ROOT / "notebooks"
WIDTH = 96  # columns of a command's help
# What a browser would fetch from another machine: a site is to work without a network.
FETCHED = re.compile(
    r'<(?:script|img|iframe|source)\b[^>]*\bsrc="(?:https?:)?//|'
    r'<link\b[^>]*rel="(?:stylesheet|preconnect|preload)"[^>]*href="(?:https?:)?//'
)


def on_config(config):
    """Gives the navigation the pages that are made."""
    made = {"Tutorials": _tutorial_nav, "Reference": _reference_nav}
    for section in config.nav:
        for title, pages in section.items():
            if title in made:
                pages.extend(made[title]())
    return config


def on_files(files, config):
    """Adds the pages that are made to the files of docs/."""
    from mkdocs.structure.files import File

    for path, text in {**name_pages(), **command_pages(), **tutorial_pages()}.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_post_build(config):
    """Refuses a page that a browser would need another machine for."""
    from mkdocs.exceptions import PluginError

    site = Path(config.site_dir)
    found = [path for path in site.rglob("*.html") if FETCHED.search(path.read_text("utf-8"))]
    if found:
        names = ", ".join(str(path.relative_to(site)) for path in found)
        raise PluginError(f"Pages that fetch from another machine: {names}.")


def names():
    """The public names, `m2m_tf.__all__`."""
    return literal(ROOT / PACKAGE / "__init__.pyi", "__all__")


def commands():
    """The commands of `m2m`, in the order of a user's first day."""
    return literal(ROOT / PACKAGE / "cli" / "main.py", "COMMANDS")


def literal(path, name):
    """What a file sets a name to, without running it.

    Raises:
        ValueError: If the file does not set it, or not to a constant.
    """
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and [ast.unparse(goal) for goal in node.targets] == [name]:
            return ast.literal_eval(node.value)
    raise ValueError(f"{path} expects a line that sets {name}; there is none.")


def name_pages():
    """`{path: text}` of a page for each public name, and for the rooms below the root."""
    return {f"reference/{name}.md": _name_page(name) for name in (*names(), *ROOMS)}


def _name_page(name):
    room = ROOT / PACKAGE / name / "__init__.py"
    if not room.is_file():
        return f"# `m2m.{name}`\n\n{_directive(name)}"
    title = f"# `m2m.{name}`" if name in names() else f"# `{PACKAGE}.{name}`"
    intro = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))
    held = [each for each in literal(room, "__all__") if each not in names()]
    parts = [f"## `{each}`\n\n{_directive(f'{name}.{each}')}" for each in held]
    return "\n\n".join([title, intro, *parts])


def _directive(name):
    return f"::: {PACKAGE}.{name}\n"


def command_pages():
    """`{path: text}` of a page for each command of `m2m`."""
    paths = [f"reference/commands/{name}.md" for name in commands()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(paths, pool.map(command_page, commands()), strict=True))


def command_page(name):
    """What a command's --help prints, as a page."""
    program = [Path(sys.executable).with_name("m2m"), name, "--help"]
    env = {**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    told = subprocess.run(program, env=env, capture_output=True, text=True, check=True).stdout
    return f"# `m2m {name}`\n\n```text\n$ m2m {name} --help\n{told.strip()}\n```\n"


def tutorials():
    """The notebooks in the order of their names."""
    return sorted(NOTEBOOKS.glob("[0-9]*.py"))


def tutorial_pages():
    """`{path: text}` of each notebook as a page and as an .ipynb file."""
    import jupytext

    pages = {}
    for path in tutorials():
        notebook = jupytext.read(path)
        pages[f"tutorials/{path.stem}.md"] = tutorial_page(notebook, path.stem)
        pages[f"tutorials/{path.stem}.ipynb"] = jupytext.writes(notebook, fmt="ipynb")
    return pages


def tutorial_page(notebook, name):
    """A notebook as a page: its words, its code, and where to get it after the first cell."""
    cells = [
        cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```"
        for cell in notebook.cells
    ]
    get = f"*This page as a notebook: [{name}.ipynb]({name}.ipynb).*"
    return "\n\n".join([cells[0], get, *cells[1:]]) + "\n"


def _tutorial_nav():
    return [f"tutorials/{path.stem}.md" for path in tutorials()]


def _reference_nav():
    rooms = [name for name in (*names(), *ROOMS) if (ROOT / PACKAGE / name).is_dir()]
    root = [name for name in names() if name not in rooms]
    return [
        {"Names": [{name: f"reference/{name}.md"} for name in root]},
        {"Rooms": [{name: f"reference/{name}.md"} for name in rooms]},
        {"Commands": [{f"m2m {name}": f"reference/commands/{name}.md"} for name in commands()]},
    ]
