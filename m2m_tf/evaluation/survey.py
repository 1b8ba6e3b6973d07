"""One pass over images: their codes, features and reconstructions, and a few kept to look at."""

import collections
import dataclasses
import functools
import math

import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders.check import check_codes
from m2m_tf.data.passes import fingerprints_of
from m2m_tf.features import Features
from m2m_tf.features.extractor import of_scaled
from m2m_tf.features.features import arrays_of, features_of
from m2m_tf.files.kept_work import KeptWork
from m2m_tf.progress import Bar

KEPT_BYTES = 1 << 29  # of images that are held in memory for the certificate and the pictures


@dataclasses.dataclass
class Survey:
    """What one pass over `n` images gave.

    Attributes:
        rows: int `(n,)`, the numbers of the images in their source.
        codes: float32 `(n, *code_shape)`.
        features: `Features` of the images.
        reconstructed: `Features` of their reconstructions.
        errors: float64 `(n,)`, the Euclidean norm of image minus reconstruction.
        kept: int `(k,)`, positions in `rows` of the images kept in memory.
        images: float32 `(k, height, width, channels)`, those images.
        labels: The labels of all images, `(n, ...)`, as the source gives them; None where it was
            not asked for them.
    """

    rows: np.ndarray
    codes: np.ndarray
    features: Features
    reconstructed: Features
    errors: np.ndarray
    kept: np.ndarray
    images: np.ndarray
    labels: np.ndarray | None = None

    def __len__(self):
        return len(self.rows)

    def part(self, chosen):
        """The survey of the images where the boolean array `(n,)` is True."""
        kept = chosen[self.kept]
        return Survey(
            self.rows[chosen],
            self.codes[chosen],
            _chosen_features(self.features, chosen),
            _chosen_features(self.reconstructed, chosen),
            self.errors[chosen],
            (np.cumsum(chosen) - 1)[self.kept[kept]],
            self.images[kept],
            None if self.labels is None else self.labels[chosen],
        )


def survey(
    autoencoder,
    images,
    extractor,
    rows,
    keep=(),
    verbose=0,
    labelled=False,
    known=None,
    kept_work=None,
):
    """Encodes, reconstructs and extracts features, batch by batch.

    Args:
        autoencoder: An `Autoencoder`.
        images: `m2m.data.Images` of the autoencoder's shape.
        extractor: An `Extractor`.
        rows: int `(n,)`, numbers of the images to look at, rising; see `choose_rows`. Numbers past
            the last image, where files were skipped, are passed over.
        keep: int `(k,)`, the numbers among them of the images to keep in memory.
        verbose: 1 shows a progress bar.
        labelled: Whether to keep the labels that come with the images.
        known: uint64 `(m,)`, the fingerprints of all images, by which those of a stream have their
            numbers wherever they come; None numbers images by their places.
        kept_work: A `KeptWork` in which each batch is kept; None keeps none.

    Returns:
        A `Survey`, its rows rising.

    Raises:
        ValueError: If the images do not fit or are all the same, some that are known do not come,
            or a code or feature is not finite.
    """
    found, kept, labels, numbers, done = [], [], [], [], 0
    progress = Bar(len(rows), verbose)
    look_at = (kept_work or KeptWork()).of(
        functools.partial(_look_at, autoencoder, extractor), noise(images.image_shape)
    )
    for chosen, of_chosen, their_rows in _batches_of(images, rows, labelled, known):
        found.append(look_at(chosen, int(their_rows[0])))
        kept.append(chosen[np.isin(their_rows, keep)])
        labels.append(of_chosen)
        numbers.append(their_rows)
        done += len(chosen)
        progress.update(done, finalize=False)
    progress.update(done, finalize=True)
    if known is not None and done < len(rows):
        raise ValueError(_changed(images, len(rows) - done))
    rows = np.concatenate(numbers)
    _check_varied(np.concatenate(kept), images.name)
    looked_at = Survey(
        rows,
        np.concatenate([each["codes"] for each in found]),
        features_of(found, "features"),
        features_of(found, "reconstructed"),
        np.concatenate([each["errors"] for each in found]),
        np.flatnonzero(np.isin(rows, keep)),
        np.concatenate(kept),
        np.concatenate(labels) if labelled else None,
    )
    return looked_at if known is None else _rising(looked_at)


def _rising(looked_at):
    """The survey with its rows in rising order."""
    order = np.argsort(looked_at.rows)
    labels = looked_at.labels
    return Survey(
        looked_at.rows[order],
        looked_at.codes[order],
        _chosen_features(looked_at.features, order),
        _chosen_features(looked_at.reconstructed, order),
        looked_at.errors[order],
        np.flatnonzero(np.isin(order, looked_at.kept)),
        looked_at.images[np.argsort(looked_at.rows[looked_at.kept])],
        None if labels is None else labels[order],
    )


def _changed(images, missing):
    return (
        f"{missing:,} of the images that the model was fitted to do not come again: "
        f"{images.name!r} gives others in each pass, as random changes to images do. Leave them "
        "out, or give held_out=, images that the model was not trained on."
    )


def choose_rows(candidates, limit, seed=0):
    """Draws at most `limit` of the candidate row numbers; they come back rising."""
    candidates = np.asarray(candidates)
    if len(candidates) <= limit:
        return candidates
    return np.sort(np.random.default_rng(seed).choice(candidates, limit, replace=False))


def most_kept(image_shape, limit):
    """How many images may be kept in memory, `limit` at most."""
    return max(1, min(limit, KEPT_BYTES // (4 * math.prod(image_shape))))


def _batches_of(images, rows, labelled=False, known=None):
    """Images of those numbers, their labels and numbers, in batches of many but for the last."""
    pending, left = [], len(rows)
    batch_size = data.default_batch_size(images.image_shape)
    places = _places(rows) if known is None else _places_by_content(rows, known)
    for batch, labels in _blocks_of(images, batch_size, labelled):
        chosen, numbers = places(batch)
        pending.append((batch[chosen], labels[chosen], numbers))
        left -= len(chosen)
        if sum(len(part) for part, *_ in pending) >= batch_size or not left:
            yield [np.concatenate(parts) for parts in zip(*pending, strict=True)]
            pending = []
        if not left:
            return
    if sum(len(part) for part, *_ in pending):
        yield [np.concatenate(parts) for parts in zip(*pending, strict=True)]


def _places(rows):
    """A function of each batch in turn: which of it are among the rows, and their numbers."""
    seen = 0

    def of(batch):
        nonlocal seen
        first, last = np.searchsorted(rows, [seen, seen + len(batch)])
        chosen = rows[first:last] - seen
        seen += len(batch)
        return chosen, rows[first:last]

    return of


def _places_by_content(rows, known):
    """The same of images that are known by their fingerprints; each row is given once."""
    wanted = collections.defaultdict(list)
    for row in rows[::-1].tolist():
        wanted[int(known[row])].append(row)

    def of(batch):
        found = fingerprints_of(batch).tolist()
        numbers = [wanted[each].pop() if wanted.get(each) else -1 for each in found]
        chosen = np.flatnonzero(np.array(numbers) >= 0)
        return chosen, np.array(numbers)[chosen]

    return of


def _blocks_of(images, batch_size, labelled):
    """Yields arrays of images and of labels, empty where none are asked for or they are large."""
    if not labelled:
        for batch in images.batches(batch_size):
            yield batch.numpy(), np.zeros((len(batch), 0))
        return
    for batch, labels in images.labelled_blocks(batch_size):
        small = labels.shape.rank <= 2  # others, such as images, would fill the memory
        yield batch.numpy(), labels.numpy() if small else np.zeros((len(batch), 0))


def noise(shape):
    """Two arrays of noise in [-1, 1], always the same: what is made of it tells networks apart."""
    return np.random.default_rng(0).uniform(-1, 1, (2, *shape)).astype("float32")


def _look_at(autoencoder, extractor, images, first=0):
    """Codes, features, features of the reconstructions, and errors of a batch of images."""
    codes = autoencoder.encode_batch(tf.constant(images)).numpy()
    check_codes(codes, first, autoencoder.name)
    reconstructions = autoencoder.decode_batch(tf.constant(codes)).numpy()
    differences = (images - reconstructions).reshape(len(images), -1).astype("float64")
    errors = np.linalg.norm(differences, axis=1)
    return {
        "codes": codes,
        "errors": errors,
        **arrays_of(of_scaled(extractor, images), "features"),
        **arrays_of(of_scaled(extractor, reconstructions), "reconstructed"),
    }


def _check_varied(kept, name):
    """Refuses images that are all one: every distance between them is 0, and no figure is right."""
    if len(kept) > 1 and not (kept != kept[0]).any():
        raise ValueError(
            f"Expected images that differ; all {len(kept):,} of '{name}' that were compared are "
            "the same one. Check how the images are read: is the folder the right one?"
        )


def _chosen_features(features, chosen):
    return dataclasses.replace(features, values=features.values[chosen])
