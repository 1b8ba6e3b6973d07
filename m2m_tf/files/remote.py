"""Folders and files in object stores, by fsspec: fetched to be read, stored when whole."""

import contextlib
import hashlib
import os
import posixpath
import re
import shutil
import time

from tqdm import tqdm

from m2m_tf.files.durable import replacing
from m2m_tf.files.home import home

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
OURS = ("hf://",)  # what names an autoencoder, and no place
TRIES, PAUSE = 5, 0.5  # of each file; seconds before the second, twice as long before each further
LAST = ("manifest.json", "card.json", "metrics.json", "saved_model.pb")  # they say: all is there


def is_remote(path):
    """Whether a path names a place that fsspec reaches, such as `"s3://bucket/photos"`."""
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
    return bool(SCHEME.match(text)) and not text.startswith(OURS)


def local_folder(url):
    """Where what belongs to a URL lies on this machine: `$M2M_TF_HOME/remote/HASH`."""
    return home() / "remote" / hashlib.sha256(url.encode()).hexdigest()[:16]


def exists(url):
    """Whether anything is at a URL.

    Raises:
        ValueError: If fsspec knows no such place.
        OSError: If the store does not answer, or refuses.
    """
    files, root = _opened(url)
    return _tried(lambda: files.exists(root), f"look for {url}")


def fetch(url, folder, verbose=1):
    """Copies a file or a folder from a store; what is there already, of the same size, stays.

    Args:
        url: A URL that fsspec knows.
        folder: The local folder that it is to lie in, a `Path`.
        verbose: Whether a bar is shown.

    Returns:
        The local path, with the name that it has in the store.

    Raises:
        ValueError: If nothing is there, or fsspec knows no such place.
        OSError: If the store does not answer, or refuses, five times in turn.

    Example:

    ```python
    fetch("s3://bucket/photos", Path("work"))  # Path("work/photos")
    ```
    """
    files, root = _opened(url)
    found = _tried(lambda: _found(files, root), f"list {url}")
    if not found:
        raise ValueError(f"Expected a file or a folder at '{url}'; nothing is there.")
    local = folder / (posixpath.basename(root.rstrip("/")) or "root")
    wanted = {_below(local, root, path): facts for path, facts in found.items()}
    for path in _strangers(local, wanted):
        path.unlink()
    bar = tqdm(found.items(), f"Fetching {url}", disable=not verbose, unit="file")
    for path, facts in bar:
        _fetch_file(files, path, facts, _below(local, root, path))
    return local


def store(local, url, overwrite=False, verbose=1):
    """Copies a local file or folder to a store, last what says that all is there.

    Args:
        local: A `Path`.
        url: A URL that fsspec knows; what it names becomes what `local` is.
        overwrite: Whether files that are there, and not in `local`, are removed at the end.
        verbose: Whether a bar is shown.

    Returns:
        How many files were stored.

    Raises:
        ValueError: If fsspec knows no such place.
        OSError: If the store does not answer, or refuses, five times in turn.
    """
    files, root = _opened(url)
    paths = [local] if local.is_file() else _shown_files(local)
    paths = sorted(paths, key=lambda path: (path.name in LAST, path.as_posix()))
    stored = set()
    for path in tqdm(paths, f"Storing {url}", disable=not verbose, unit="file"):
        part = "" if path == local else f"/{path.relative_to(local).as_posix()}"
        target = root.rstrip("/") + part
        _tried(lambda path=path, target=target: _store_file(files, path, target), f"store {target}")
        stored.add(target)
    if overwrite and not local.is_file():
        there = _tried(lambda: files.find(root), f"list {url}")
        for path in set(there) - stored:
            _tried(lambda path=path: files.rm_file(path), f"remove {path}")
    return len(paths)


def _opened(url):
    """The file system of a URL, and the path in it."""
    import fsspec

    try:
        return fsspec.core.url_to_fs(url, **_options(url))
    except ImportError as error:
        raise ValueError(f"'{url}' needs a package that is not installed: {error}.") from None
    except (ValueError, TypeError) as error:
        raise ValueError(f"'{url}' is no place that fsspec knows: {error}.") from None


def _options(url):
    """Nothing is remembered of a listing: another process may have changed it."""
    return {} if url.startswith(("memory://", "file://", "http")) else {"use_listings_cache": False}


def _found(files, root):
    """The files at or below a path: `{path: facts}`, in order."""
    if not files.exists(root):
        return {}
    if files.isfile(root):
        return {root: files.info(root)}
    found = files.find(root, detail=True)
    return {path: found[path] for path in sorted(found) if found[path].get("type") == "file"}


def _below(local, root, path):
    """The local path of a file in a store; a name that leads outside is refused."""
    part = path.removeprefix(root.rstrip("/")).lstrip("/")
    if ".." in part.split("/"):
        raise ValueError(f"The store holds the name '{path}', which leads outside of its folder.")
    return local / part if part else local


def _shown_files(folder):
    """The files in a folder but hidden ones, which are locks and notes of this machine."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if not _is_hidden(path.relative_to(folder))]


def _is_hidden(path):
    return any(part.startswith(".") for part in path.parts)


def _strangers(local, wanted):
    """Local files of an earlier fetch that the store has no more."""
    there = _shown_files(local) if local.is_dir() else []
    return [path for path in there if path not in wanted]


def _fetch_file(files, path, facts, local):
    size, changed = facts.get("size"), _seconds(facts)
    if local.is_file():
        status = local.stat()
        if status.st_size == size and (changed is None or status.st_mtime == changed):
            return

    def copy():
        with replacing(local, flush=False) as unfinished:
            with files.open(path, "rb") as source, open(unfinished, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            if size is not None and unfinished.stat().st_size != size:
                raise OSError(f"{path} was cut off")

    _tried(copy, f"fetch {path}")
    if changed is not None:
        os.utime(local, (changed, changed))  # a folder's fingerprint has its files' times


def _seconds(facts):
    """When a file was changed, in whole seconds; None where the store does not say."""
    for name in ("LastModified", "mtime", "updated", "created"):
        value = facts.get(name)
        if hasattr(value, "timestamp"):
            return int(value.timestamp())
        if isinstance(value, (int, float)):
            return int(value)
    return None


def _store_file(files, path, target):
    with contextlib.suppress(OSError):  # stores of objects have no folders
        files.makedirs(posixpath.dirname(target), exist_ok=True)
    files.put_file(str(path), target)
    if files.info(target)["size"] != path.stat().st_size:
        raise OSError(f"{target} was cut off")


def _tried(act, what):
    """What a function returns that may fail on its way to a store: tried five times."""
    pause = PAUSE
    for left in reversed(range(TRIES)):
        try:
            return act()
        except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
            raise OSError(f"Cannot {what}: {error}.") from error
        except Exception as error:  # each store has errors of its own for a network that fails
            if not left:
                raise OSError(f"Cannot {what}, tried {TRIES} times: {error}.") from error
        time.sleep(pause)
        pause *= 2
