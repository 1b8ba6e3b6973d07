"""Images from TFRecord files of `tf.train.Example`s that hold encoded images, read in place.

Source: the TFRecord format, tensorflow.org/tutorials/load_data/tfrecord. Names of features are
those that TensorFlow's own models and TensorFlow Datasets write.
"""

import hashlib
import io
import os
import re
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError

from m2m_tf.data.readers.decode import UnreadableImage, opened
from m2m_tf.data.readers.files import BYTES_LIMIT, ImageFiles, no_images, only_files
from m2m_tf.files.printable import printable

NAME = re.compile(r"\.tf(record|rec)s?(-\d+-of-\d+)?$", re.IGNORECASE)
IMAGES = ("image/encoded", "image", "image_raw", "jpg", "png")
LABELS = ("image/class/label", "label", "class", "cls")
LOOKED_AT = 8  # records, for the feature that holds images
HEAD, FOOT = 12, 4  # bytes around a record: its length and the sums of both


class Record(NamedTuple):
    """A record in a file: where its bytes lie."""

    file: int  # the number of the file
    offset: int
    size: int


def is_tfrecord(path):
    """Whether a path is named as a TFRecord file."""
    return bool(NAME.search(path.name)) and path.is_file()


def tfrecords_in(folder):
    """The TFRecord files in a folder, in the order of their names, what describes them aside; none
    where it holds other files too."""
    return only_files(folder, is_tfrecord, (".json", ".txt"))


def files_of(path):
    """The `ImageFiles` of a TFRecord file or of a folder of them.

    Raises:
        ValueError: no TFRecord file, or its records hold no encoded images.
    """
    path = Path(path)
    files = tfrecords_in(path) if path.is_dir() else [path]
    records = [record for number, file in enumerate(files) for record in _records(number, file)]
    if not records:
        raise ValueError(no_images(path.name, "no records"))
    image = _image_feature(files, records[:LOOKED_AT], path.name)

    def open_file(index):
        features = _example(files, records[index]).features.feature
        content = features[image].bytes_list.value if image in features else ()
        if len(content) != 1:
            raise UnreadableImage(f"the feature {image!r} holds {len(content)} images")
        return io.BytesIO(content[0])

    def read_labels():
        return np.array([_label(files, each, path.name) for each in records])

    names = _names(files, records)
    content = _fingerprint(files, records)
    return ImageFiles(path.name, names, open_file, content, read_labels=read_labels)


def _records(number, path):
    """Where the records of a file lie; their lengths alone are read."""
    end, place = path.stat().st_size, 0
    with open(path, "rb") as file:
        while place < end:
            file.seek(place)
            head = file.read(HEAD)
            size = struct.unpack("<Q", head[:8])[0] if len(head) == HEAD else end
            if place + HEAD + size + FOOT > end:
                raise ValueError(
                    f"load expects a TFRecord file that is not compressed; '{path.name}' is none, "
                    f"or is damaged from byte {place:,} on. Fetch or write it again."
                )
            yield Record(number, place + HEAD, size)
            place += HEAD + size + FOOT


def _example(files, record):
    """The `tf.train.Example` of a record.

    Raises:
        UnreadableImage: it holds none.
    """
    if record.size > BYTES_LIMIT:
        raise UnreadableImage(f"larger than {BYTES_LIMIT >> 20} MiB")
    with open(files[record.file], "rb") as file:
        file.seek(record.offset)
        content = file.read(record.size)
    try:
        return tf.train.Example.FromString(content)
    except DecodeError:
        raise UnreadableImage("the record is no tf.train.Example") from None


def _image_feature(files, records, name):
    """The name of the feature that holds an encoded image, by the first record that has one."""
    held = set()
    for record in records:
        features = _features(files, record)
        held |= set(features)
        for feature in (*IMAGES, *sorted(features)):
            values = features[feature].bytes_list.value if feature in features else ()
            if len(values) == 1 and _is_image(values[0]):
                return feature
    held = ", ".join(printable(each, None) for each in sorted(held)) or "none"
    raise ValueError(
        f"load expects records with an encoded image, a PNG or JPEG file for instance, in one of "
        f"their features; the first of {name!r} have the features {held}. Encode the images by "
        "tf.io.encode_png, or give a tf.data.Dataset that parses the records."
    )


def _features(files, record):
    """The features of a record by their names; none where it holds no example."""
    try:
        return _example(files, record).features.feature
    except UnreadableImage:
        return {}


def _is_image(content):
    try:
        with opened(io.BytesIO(content)):
            return True
    except (UnreadableImage, OSError):
        return False


def _label(files, record, name):
    """The class of a record: a whole number, or a name."""
    features = _features(files, record)
    for each in filter(features.__contains__, LABELS):
        numbers, texts = features[each].int64_list.value, features[each].bytes_list.value
        if len(numbers) == 1:
            return numbers[0]
        if len(texts) == 1:
            return texts[0].decode("utf-8", "replace")
    raise ValueError(
        f"load_labels expects a feature {', '.join(LABELS[:-1])} or {LABELS[-1]} with one class in "
        f"each record of {name!r}. Give the labels: fit(target, labels), one label an image."
    )


def _names(files, records):
    """The number of each record in its file, after the file's name."""
    first = {}
    for place, each in enumerate(records):
        first.setdefault(each.file, place)
    return [f"{files[each.file].name}#{i - first[each.file]}" for i, each in enumerate(records)]


def _fingerprint(files, records):
    digest = hashlib.sha256()
    for path in files:
        status = path.stat()
        digest.update(os.fsencode(path.name))
        digest.update(f"\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    digest.update(np.array(records, "int64").tobytes())
    return digest.hexdigest()
