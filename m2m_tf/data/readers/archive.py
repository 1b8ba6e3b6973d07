"""Images from a zip of image files, read in place: nothing is unpacked."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

from m2m_tf.data.readers.decode import UnreadableImage
from m2m_tf.data.readers.files import (
    BYTES_LIMIT,
    ImageFiles,
    is_image_name,
    no_images,
    unread_of,
)
from m2m_tf.files.printable import printable


def files_of(path):
    """The `ImageFiles` of a zip.

    Raises:
        ValueError: no zip, an unsafe name in it, a password, or no images.
    """
    path = Path(path)
    archive, members = _open(path)
    images = _images_among(members)
    files = sum(not member.is_dir() for member in members)
    if not images:
        raise ValueError(no_images(path.name, f"{files} other files" if files else "an empty zip"))

    def open_file(index):
        return io.BytesIO(_read(archive, images[index]))

    names = [printable(member.filename, None) for member in images]
    passed = [each.filename for each in members if not (_is_image(each) or _is_hidden(each))]
    unread = tuple(ending for name in passed for ending in unread_of(name))
    content = _fingerprint(images)
    return ImageFiles(path.name, names, open_file, content, files - len(images), unread)


def list_names(path):
    """The names of a zip's images, in the order in which they are read."""
    return [printable(each.filename, None) for each in _images_among(_open(Path(path))[1])]


def _images_among(members):
    return sorted((m for m in members if _is_image(m)), key=lambda member: member.filename)


def _open(path):
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # a damaged directory may raise anything
        raise ValueError(
            f"load expects a zip; {path.name!r} is none, or is damaged ({error}). Fetch it again."
        ) from None
    members = archive.infolist()
    for member in members:
        _check(member, path.name)
    return archive, members


def _check(member, name):
    parts = member.filename.replace("\\", "/").split("/")
    drive = re.match(r"[A-Za-z]:", member.filename)
    if ".." in parts or parts[0] == "" or drive:
        raise ValueError(
            f"load expects a zip whose names stay inside it; {name!r} holds {member.filename!r}. "
            "Nothing was read from it: pack the images again, or use another file."
        )
    if member.flag_bits & 1:
        raise ValueError(
            f"load expects a zip without a password; {member.filename!r} in {name!r} needs one. "
            "Unpack it and pass the folder."
        )


def _is_image(member):
    name = member.filename.replace("\\", "/").split("/")[-1]
    return not _is_hidden(member) and not member.is_dir() and is_image_name(name)


def _is_hidden(member):
    parts = member.filename.replace("\\", "/").split("/")
    return any(part.startswith((".", "__MACOSX")) and part != "." for part in parts)


def _read(archive, member):
    if member.file_size > BYTES_LIMIT:
        raise UnreadableImage(f"larger than {BYTES_LIMIT >> 20} MiB")
    try:
        with archive.open(member) as file:
            return file.read(BYTES_LIMIT)
    except Exception as error:  # a damaged member may raise anything
        raise UnreadableImage(f"damaged in the zip: {error}") from error


def _fingerprint(images):
    digest = hashlib.sha256()
    for member in images:
        digest.update(f"{member.filename}\0{member.file_size}\0{member.CRC}\n".encode())
    return digest.hexdigest()
