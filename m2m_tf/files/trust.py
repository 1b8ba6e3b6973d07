"""Whether SavedModels may be loaded: they are programs, all else that is loaded is not."""

import contextlib
import contextvars

_trusted = contextvars.ContextVar("whether SavedModels are trusted", default=False)


@contextlib.contextmanager
def trusting(trust):
    """Lets SavedModels be loaded inside the `with` block, where `trust` says so or it was said."""
    token = _trusted.set(_trusted.get() or bool(trust))
    try:
        yield
    finally:
        _trusted.reset(token)


def is_trusted():
    """Whether SavedModels may be loaded here."""
    return _trusted.get()


def check_trusted(path):
    """Refuses to load a SavedModel that nobody has said to trust.

    Raises:
        ValueError: Outside `trusting(True)`.
    """
    if not _trusted.get():
        raise ValueError(
            f"'{path}' is a SavedModel, a program: it can read, write and send whatever you can. "
            "If you trust those who made it, say so: trust=True, on a shell --trust_saved_model. "
            "Otherwise take its autoencoder as .keras files."
        )
