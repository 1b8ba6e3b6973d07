"""Tiny autoencoders by handle: `hf://madebyollin/taef1`, kept in Hugging Face's cache."""

import contextlib
import logging
import re
from pathlib import Path

from m2m_tf.autoencoders.pairs.tiny import FAMILIES, family_of

PREFIX = "hf://"
AUTHOR = "madebyollin/"  # whose weights' licence is known
HANDLE = re.compile(r"hf://(?P<repository>[\w.-]+/(?P<family>[\w.-]+))(@(?P<revision>[\w./-]+))?")
ONE_FILE = ("diffusion_pytorch_model.safetensors",)  # diffusers' AutoencoderTiny
FILES = {
    **dict.fromkeys(FAMILIES, ONE_FILE),
    "taef2": ("taef2.safetensors",),  # in diffusers' names, which has no such network yet
    "taesana": ("taesana_encoder.pth", "taesana_decoder.pth"),
}


def is_handle(name):
    """Whether a name is a handle, `hf://...`."""
    return str(name).startswith(PREFIX)


def family_of_handle(handle):
    """The name of the family that a handle names.

    Raises:
        ValueError: If it is no handle, or there is no such family.
    """
    family = _matched(handle)["family"]
    family_of(family)
    return family


def facts_of_handle(handle):
    """What a card says of a handle's weights, beside what it says of the authors'."""
    repository = _matched(handle)["repository"]
    if repository.startswith(AUTHOR):
        return {"handle": handle}
    data = f"not said; the weights of {repository}"
    return {"handle": handle, "data": data, "licence": "not stated"}


def fetch_tiny(handle, **settings):
    """Fetches a family's files, unless the cache has them: then the network is not asked.

    Args:
        handle: `hf://OWNER/FAMILY` or `hf://OWNER/FAMILY@REVISION`.
        **settings: For `huggingface_hub.hf_hub_download`: `cache_dir`, `endpoint`.

    Returns:
        What `Autoencoder.from_tiny` takes, `{"weights": path}` or an `encoder` and a `decoder`; and
        the revision that came, a commit.

    Raises:
        ValueError: If it is no such handle, huggingface_hub is not installed, or the files cannot
            be had; then it is said which to fetch by hand.
    """
    match, family = _matched(handle), family_of_handle(handle)
    settings = {"revision": match["revision"], **settings}
    try:
        with _without_warnings("huggingface_hub"):
            paths = _paths(match["repository"], FILES[family], settings)
    except ImportError:
        raise ValueError(
            f"Fetching '{handle}' needs huggingface_hub: pip install \"m2m_tf[hub]\"."
        ) from None
    except Exception as error:  # of the network's, of the library's, of its HTTP client's
        if isinstance(error, OSError) and error.errno is not None:
            raise  # a full disk, no permission
        raise ValueError(_by_hand(handle, match["repository"], family, error)) from error
    return _arguments(paths), _revision(paths[0])


def _matched(handle):
    match = HANDLE.fullmatch(handle)
    if not match:
        raise ValueError(
            "Expected a handle hf://OWNER/FAMILY or hf://OWNER/FAMILY@REVISION, such as "
            f"hf://madebyollin/taef1; got '{handle}'."
        )
    return match


def _paths(repository, names, settings):
    """The files, all of one revision even if the repository changes meanwhile."""
    first = _path(repository, names[0], settings)
    settings = {**settings, "revision": _revision(first)}
    return [first, *(_path(repository, name, settings) for name in names[1:])]


def _path(repository, name, settings):
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return hf_hub_download(repository, name, local_files_only=True, **settings)
    except LocalEntryNotFoundError:
        return hf_hub_download(repository, name, **settings)


def _revision(path):
    """The commit of a file in the cache: its folder's name there."""
    return Path(path).parent.name


@contextlib.contextmanager
def _without_warnings(name):
    """Keeps a library from telling of each try; one error says it all."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _arguments(paths):
    names = ("weights",) if len(paths) == 1 else ("encoder", "decoder")
    return dict(zip(names, paths, strict=True))


def _by_hand(handle, repository, family, error):
    call = ", ".join(f"{name}='{file}'" for name, file in _arguments(FILES[family]).items())
    reason = re.split(r"\. |\n", str(error).strip())[0].rstrip(".") or type(error).__name__
    return (
        f"'{handle}' cannot be fetched ({reason}): fetch {' and '.join(FILES[family])} of "
        f"{repository} by hand, then m2m.Autoencoder.from_tiny('{family}', {call}, "
        f"image_shape=...).save('{family}') makes a folder that is taken in its place."
    )
