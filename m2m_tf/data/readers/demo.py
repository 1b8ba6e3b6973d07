"""The real data that comes with the package."""

from pathlib import Path

from m2m_tf.data.readers.idx import read_idx, read_labels_beside
from m2m_tf.errors import did_you_mean

_SETS = {"digits": "digits/images-idx3-ubyte.gz", "faces": "faces/sheet.webp"}
FACE = 64  # pixels a side


def read_demo(name):
    """The uint8 array of a set that comes with the package.

    `digits`: 10,000 MNIST digits, `(n, 28, 28)`; `faces`: 1,500 drawn faces, `(n, 64, 64, 3)`.
    """
    path = _file(name)
    if name == "digits":
        return read_idx(path)
    from m2m_tf.data.readers.sheet import read_sheet  # brings Pillow

    return read_sheet(path, FACE)


def read_demo_labels(name):
    """The labels of these images, a uint8 array (n,).

    Raises:
        ValueError: the set has none.
    """
    if name != "digits":
        raise ValueError(f"demo:{name} has no labels; demo:digits has.")
    return read_labels_beside(_file(name))


def _file(name):
    """The file of the images; that of the digits' labels lies beside it."""
    if name not in _SETS:
        hint = did_you_mean(name, _SETS, most=1, cutoff=0.4, show="demo:{}".format)
        raise ValueError(
            f"load expects one of {', '.join('demo:' + s for s in _SETS)}; got 'demo:{name}'.{hint}"
        )
    path = Path(__file__).parents[1] / _SETS[name]
    if not path.is_file():
        raise ValueError(
            f"load expects the images of demo:{name} in the package at {_SETS[name]!r}; the file "
            "is not there. Install m2m_tf again."
        )
    return path
