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


def needs_backend():
    """Refuses to go on where the backend that Keras is told to take is not installed.

    Raises:
        ValueError: It says how to mend that.
    """
    try:
        import keras  # noqa: F401 - it looks for its backend at once
    except ModuleNotFoundError as error:
        extra = " pip install 'm2m_tf[jax]'," if error.name == "jax" else ""
        raise ValueError(
            f"Keras is told to compute with {error.name} (KERAS_BACKEND, or ~/.keras/keras.json), "
            f"which is not installed:{extra} or leave KERAS_BACKEND away"
        ) from None
