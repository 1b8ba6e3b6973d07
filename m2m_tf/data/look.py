"""What lies in a target, before anything is done with it: images of what number, kind and size."""

import collections
import dataclasses
import hashlib
import os

from m2m_tf.data.hints import ImageSource
from m2m_tf.data.load import load
from m2m_tf.data.passes import count_of
from m2m_tf.data.paths import image_files
from m2m_tf.data.readers.decode import UnreadableImage, kind_of_values, opened, shape_of
from m2m_tf.data.readers.sub_folders import labels_of_names
from m2m_tf.progress import show_progress

MULTIPLE, LEAST, MOST = 8, 32, 1024  # of a side, in pixels: what the universal autoencoder takes
WANTED = 256  # pixels of the longer side that images of many sizes get at most: minutes, not hours
SHOWN_CLASSES = 4


@dataclasses.dataclass(frozen=True)
class Look:
    """What `look` found.

    Attributes:
        source: What was looked at, a name.
        sizes: `{(height, width): images}`, the most frequent size first.
        grey: How many images are grey.
        transparent: How many have transparent pixels, or may have.
        classes: `{sub-folder: images}`, empty without classes.
        duplicates: How many files are byte for byte another one.
        unreadable: `(name, reason)` of each image that cannot be read.
        others: How many files are no images by their names.
        floats: How many hold floats, whose range is to be said.
    """

    source: str
    sizes: dict[tuple[int, int], int]
    grey: int = 0
    transparent: int = 0
    classes: dict[str, int] = dataclasses.field(default_factory=dict)
    duplicates: int = 0
    unreadable: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    others: int = 0
    floats: int = 0

    @property
    def count(self) -> int:
        """The number of images that can be read."""
        return sum(self.sizes.values())

    @property
    def fit(self) -> str:
        """`"pad"` where most images are transparent, as a margin is free there, else `"crop"`."""
        return "pad" if 2 * self.transparent >= self.count else "crop"

    @property
    def image_size(self) -> tuple[int, int]:
        """The `(height, width)` to take the images at, multiples of 8.

        The size of all images, or of most; else a square: as large as the median image's longer
        side for `"pad"`, its shorter one for `"crop"`. 32 to 1024 pixels where all images are of
        one such size, 256 at most where they are resized.
        """
        size, images = next(iter(self.sizes.items()))
        if len(self.sizes) == 1 and _fits(size):
            return size
        if 2 * images < self.count:
            size = (self._median_side(),) * 2
        return _rounded(size)

    def _median_side(self):
        side = max if self.fit == "pad" else min
        sides = sorted(side(size) for size, images in self.sizes.items() for _ in range(images))
        return sides[len(sides) // 2]

    @property
    def is_ready(self) -> bool:
        """Whether all images have that size already."""
        return list(self.sizes) == [self.image_size]

    def __str__(self) -> str:
        """Two or three lines for people."""
        lines = [f"{self.source}: {', '.join(self._facts())}"]
        if self.unreadable:
            name, reason = self.unreadable[0]
            lines.append(
                f"{_count(len(self.unreadable), 'file')} cannot be read: {name} ({reason})"
            )
        if self.floats:
            lines.append(
                f"{_count(self.floats, 'image')} of floats: value_range=(black, white), or "
                "--value_range, is to say which are black and white."
            )
        height, width = self.image_size
        how = "as they are" if self.is_ready else f"{HOW[self.fit]}: {', '.join(self._changes())}"
        lines.append(f"To be taken at {height}x{width} pixels, {how}.")
        return "\n".join(lines)

    def _changes(self):
        """How many images lose their edges or get a margin, and how many are shrunk or enlarged."""
        height, width = self.image_size
        counts = collections.Counter()
        for (high, wide), images in self.sizes.items():
            scales = height / high, width / wide
            scale = max(scales) if self.fit == "crop" else min(scales)
            counts[CHANGED[self.fit]] += images * (scales[0] != scales[1])
            counts["shrunk"] += images * (scale < 1)
            counts["enlarged"] += images * (scale > 1)
        for what in (CHANGED[self.fit], "shrunk", "enlarged"):
            if counts[what]:
                yield f"{counts[what]:,} {what}"

    def _facts(self):
        (height, width), most = next(iter(self.sizes.items()))
        yield _count(self.count, "image")
        if len(self.sizes) == 1:
            yield f"all {height}x{width} (height x width)"
        else:
            yield f"{len(self.sizes):,} sizes, most often {height}x{width} ({most:,})"
        yield "grey" if self.grey == self.count else "colour"
        if 0 < self.grey < self.count:
            yield f"{self.grey:,} of them grey"
        if self.transparent:
            yield f"{self.transparent:,} transparent"
        if self.classes:
            names = list(self.classes)
            more = ", ..." if len(names) > SHOWN_CLASSES else ""
            shown = ", ".join(names[:SHOWN_CLASSES])
            yield f"{len(names)} sub-folders as classes ({shown}{more})"
        if self.duplicates:
            yield f"{_count(self.duplicates, 'duplicate')}"
        if self.others:
            yield f"{_count(self.others, 'other file')} passed over"


CHANGED = {"crop": "cropped", "pad": "with a margin"}
HOW = {
    "crop": "the middle of each, resized (--fit pad adds a margin instead)",
    "pad": "each with a white margin, resized (--fit crop takes the middle instead)",
}


def look(target: ImageSource, verbose: int = 0) -> Look:
    """Looks at every image of a target: number, sizes, colour, transparency, classes, duplicates.

    Of files only the headers are read, and files of one length compared. What does not say how many
    images it gives, as a batched `tf.data.Dataset` or a generator function, is read once.

    Args:
        target: The images, as `load` takes them.
        verbose: 1 says that it looks.

    Returns:
        A `Look`; printed, it is two or three lines.

    Raises:
        ValueError: If there is no such source, or no image in it can be read.

    Example:

    ```python
    found = m2m.look("photos/")
    print(found)                                     # 5,782 images, 121 sizes, ...
    images = m2m.data.load("photos/", image_size=found.image_size, fit=found.fit)
    ```
    """
    files = image_files(target) if isinstance(target, (str, os.PathLike)) else None
    if files is None:
        images = load(target)
        height, width, channels = images.image_shape
        count = count_of(images)
        return Look(images.name, {(height, width): count}, grey=count if channels == 1 else 0)
    show_progress(verbose, f"Looking at {len(files.names):,} images of {files.source}")
    return _look_at(files)


def _look_at(files):
    shapes, kinds, unreadable = _headers(files)
    if not shapes:
        raise ValueError(
            f"look expects readable images; none of the {len(files.names):,} in {files.source!r} "
            f"is: {unreadable[0][0]} ({unreadable[0][1]})."
        )
    sizes = collections.Counter(shape[:2] for shape in shapes)
    return Look(
        files.source,
        dict(sizes.most_common()),
        grey=sum(shape[2] <= 2 for shape in shapes),
        transparent=sum(shape[2] in (2, 4) for shape in shapes),
        classes=_classes(files),
        duplicates=_duplicates(files),
        unreadable=unreadable,
        others=files.others,
        floats=kinds.count("float"),
    )


def _headers(files):
    """The shapes and the kinds of values of images, and which cannot be read."""
    shapes, kinds, unreadable = [], [], []
    for index, name in enumerate(files.names):
        try:
            with files.open_file(index) as file, opened(file) as image:
                shapes.append(shape_of(image))
                kinds.append(kind_of_values(image))
        except (UnreadableImage, OSError) as error:
            unreadable.append((name, str(error)))
    return shapes, kinds, unreadable


def _classes(files):
    try:
        labels = labels_of_names(files.names, files.source).tolist()
    except ValueError:  # a file lies beside the sub-folders
        return {}
    counts = dict(sorted(collections.Counter(labels).items()))
    return counts if len(counts) > 1 else {}


def _duplicates(files):
    by_length = collections.defaultdict(list)
    for index in range(len(files.names)):
        try:
            with files.open_file(index) as file:
                by_length[file.seek(0, os.SEEK_END)].append(index)
        except (UnreadableImage, OSError):
            continue
    alike = [index for group in by_length.values() if len(group) > 1 for index in group]
    return len(alike) - len({_digest(files, index) for index in alike})


def _digest(files, index):
    with files.open_file(index) as file:
        return hashlib.file_digest(file, "sha256").digest()


def _fits(size):
    return all(side % MULTIPLE == 0 and LEAST <= side <= MOST for side in size)


def _rounded(size):
    """The nearest multiples of 8, the longer side 256 at most, the shorter 32 at least."""
    shrunk = min(1.0, WANTED / max(size))
    return tuple(max(LEAST, MULTIPLE * int(side * shrunk / MULTIPLE + 0.5)) for side in size)


def _count(number, what):
    return f"{number:,} {what}{'' if number == 1 else 's'}"
