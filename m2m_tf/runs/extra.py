"""Runs that need an extra of the package."""

import importlib.util


def needs_extra(extra, *packages):
    """Refuses to go on without the packages of an extra.

    Raises:
        ValueError: If one is not installed; it says how to mend that.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise ValueError(
            f"This needs {', '.join(missing)}, which is not installed: "
            f"pip install 'm2m_tf[{extra}]'"
        )
