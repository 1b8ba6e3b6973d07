"""Images from TensorFlow Datasets, an extra that is imported only when it is asked for."""

import os
import socket
import urllib.parse
import urllib.request

from m2m_tf.data.readers.datasets import from_dataset
from m2m_tf.errors import did_you_mean

_HOST = "storage.googleapis.com"  # most public sets lie there
_INSTEAD = (
    "Without a network, fetch the images elsewhere and pass their folder, or prepare the set on a "
    "machine that has one and copy its data folder (TFDS_DATA_DIR)."
)


def from_tfds(source, options):
    """Images of "tfds:NAME[:SPLIT]"; the split is train by default, slices (train[:10%]) work.

    Raises:
        ValueError: tensorflow-datasets is not installed, the name or split is unknown, or the set
            cannot be fetched.
    """
    dataset, content = read_tfds(source)
    return from_dataset(dataset, options, source, content)


def read_tfds(source):
    """(the tf.data.Dataset of "tfds:NAME[:SPLIT]", what names its content)."""
    name, _, split = source.removeprefix("tfds:").partition(":")
    split = split or "train"
    tfds = _import(source)
    builder = _builder(tfds, name, source)
    _prepare(builder, source)
    try:
        # no shuffling of files: the order must be the same in each pass
        dataset = builder.as_dataset(split=split, shuffle_files=False)
    except Exception as error:
        splits = ", ".join(builder.info.splits) or "none"
        raise ValueError(
            f"load expects a split of {name!r}: {splits}; got {split!r} ({_line(error)})."
        ) from None
    return dataset, f"{builder.info.full_name} {split}"


def _import(source):
    try:
        import tensorflow_datasets as tfds
    except ImportError:
        raise ValueError(
            f"load expects the extra package tensorflow-datasets to read {source!r}; it is not "
            "installed. Run pip install 'm2m_tf[tfds]', or pass a folder of images."
        ) from None
    return tfds


def _builder(tfds, name, source):
    try:
        # TFDS reads the variable at its import only, which may have been long ago
        return tfds.builder(name, data_dir=os.environ.get("TFDS_DATA_DIR"))
    except Exception as error:
        hint = did_you_mean(name, _known(tfds), show="tfds:{}".format)
        raise ValueError(
            f"load expects the name of a TensorFlow dataset; {source!r} could not be opened "
            f"({_line(error)}).{hint} {_INSTEAD}"
        ) from None


def _known(tfds):
    try:
        return tfds.list_builders(with_community_datasets=False)
    except Exception:  # the list may need the network that is missing
        return []


def _prepare(builder, source):
    if builder.is_prepared():
        return
    _check_network(builder, source)
    try:
        builder.download_and_prepare()
    except ImportError as error:  # a set may need a package of its own to be prepared
        raise ValueError(
            f"load expects the packages that {source!r} is prepared with; {_line(error)}. Run "
            "pip install 'm2m_tf[tfds]', then install what is still missing."
        ) from None
    except Exception as error:  # the network, the disk, a checksum: all leave the user here
        raise ValueError(
            f"load expects to fetch {source!r}, or to find it prepared in "
            f"{str(builder.data_dir)!r}; it could not ({_line(error)}). {_INSTEAD}"
        ) from None


def _check_network(builder, source):
    """Say at once what TFDS would say after minutes of trying again."""
    if not type(builder).__module__.startswith("tensorflow_datasets."):
        return  # a set of the user's own may need no network
    try:
        _reach_out(urllib.request.getproxies().get("https"))
    except OSError as error:
        raise ValueError(
            f"load expects to fetch {source!r}, or to find it prepared in "
            f"{str(builder.data_dir)!r}; there is no network ({_line(error)}). {_INSTEAD}"
        ) from None


def _reach_out(proxy):
    """Raise OSError where the proxy does not answer, or without one where names have no address."""
    if not proxy:
        socket.getaddrinfo(_HOST, 443)
        return
    address = urllib.parse.urlsplit(proxy if "//" in proxy else "//" + proxy)
    socket.create_connection((address.hostname, address.port or 80), timeout=10).close()


def _line(error):
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
