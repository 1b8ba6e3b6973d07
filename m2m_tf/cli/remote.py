"""Paths of a command that lie in a store: it works on local copies, and stores what it made."""

import contextlib
import shutil
from pathlib import Path

from m2m_tf.files import remote
from m2m_tf.runs.extra import needs_extra

READ = ("target", "source", "model", "autoencoder", "export", "report")
KEPT = ("codes_dir",)  # what is there is read, and what is there at the end is stored
WRITTEN = ("out",)
ENCODE = "encode"  # its output is a folder of codes


@contextlib.contextmanager
def local_paths(args):
    """Lets a command see local paths only; stores its output when it has ended well.

    An output is worked on in a folder of its own, the same for the same URL, so that a command
    that was cut off goes on there.

    Args:
        args: The parsed arguments; their paths are changed, `given` has them as they were.

    Raises:
        ValueError: If a place is not known, holds nothing, or holds an output that must not be
            replaced.
        OSError: If a store does not answer.
    """
    names = (*READ, *KEPT, *WRITTEN)
    if not any(remote.is_remote(each) for name in names for each in _listed(args, name)):
        args.given = dict(vars(args))
        yield
        return
    needs_extra("remote", "fsspec")
    args.given = dict(vars(args))  # to be named as the user does
    kept = KEPT if getattr(args, "command", None) != ENCODE else (*KEPT, *WRITTEN)
    stores = [found for name in kept if (found := _kept(args, name))]
    stores += [found for name in WRITTEN if name not in kept and (found := _output(args, name))]
    for name in READ:
        _change(args, name, _fetched)
    yield
    for local, url, overwrite in stores:
        count = remote.store(local, url, overwrite)
        shutil.rmtree(remote.local_folder(url))
        print(f"Stored {count:,} files at {url}", flush=True)


def _listed(args, name):
    value = getattr(args, name, None)
    return value if isinstance(value, list) else [value]


def _change(args, name, change):
    """Changes the remote paths among an argument's."""
    if not hasattr(args, name):
        return
    value = getattr(args, name)
    changed = [change(each) if remote.is_remote(each) else each for each in _listed(args, name)]
    setattr(args, name, changed if isinstance(value, list) else changed[0])


def _fetched(url):
    return str(remote.fetch(url, remote.local_folder(url)))


def _output(args, name):
    """Replaces an output by a local one; returns what is to be stored, or None."""
    url = getattr(args, name, None)
    if not remote.is_remote(url):
        return None
    overwrite = getattr(args, "overwrite", False)
    if not overwrite and remote.exists(url):
        raise ValueError(
            f"The output '{url}' is already there. Give another one, or --overwrite to replace it."
        )
    local = _local(url)
    if local.exists() and hasattr(args, "overwrite"):
        args.overwrite = True  # an earlier command made it, and could not store it
    setattr(args, name, str(local) + ("/" if url.endswith("/") else ""))
    print(f"Working in {local}, to be stored at {url}", flush=True)
    return local, url, overwrite


def _kept(args, name):
    """Replaces a folder of codes by a local copy; returns what is to be stored, or None."""
    url = getattr(args, name, None)
    if not remote.is_remote(url):
        return None
    if remote.exists(url):
        remote.fetch(url, remote.local_folder(url))
    setattr(args, name, str(_local(url)))
    return _local(url), url, True


def _local(url):
    return remote.local_folder(url) / Path(url.rstrip("/")).name
