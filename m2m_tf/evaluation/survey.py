"""One pass over images: their codes, features and reconstructions, and a few kept to look at."""

import dataclasses
import math

import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders.check import check_codes
from m2m_tf.features import Features
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


def survey(autoencoder, images, extractor, rows, keep=(), verbose=0, labelled=False):
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

    Returns:
        A `Survey`.

    Raises:
        ValueError: If the images do not fit or are all the same, or a code or feature is not
            finite.
    """
    found, kept, labels, done = [], [], [], 0
    progress = Bar(len(rows), verbose)
    for chosen, of_chosen in _batches_of(images, rows, labelled):
        numbers = rows[done : done + len(chosen)]
        found.append(_look_at(autoencoder, extractor, chosen, numbers))
        kept.append(chosen[np.isin(numbers, keep)])
        labels.append(of_chosen)
        done += len(chosen)
        progress.update(done, finalize=False)
    progress.update(done, finalize=True)
    rows = rows[:done]
    codes, features, reconstructed, errors = zip(*found, strict=True)
    _check_varied(np.concatenate(kept), images.name)
    return Survey(
        rows,
        np.concatenate(codes),
        _joined(features),
        _joined(reconstructed),
        np.concatenate(errors),
        np.flatnonzero(np.isin(rows, keep)),
        np.concatenate(kept),
        np.concatenate(labels) if labelled else None,
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


def count_of(images):
    """The number of images, counted where nobody knows it."""
    if images.count is not None:
        return images.count
    return sum(len(batch) for batch in images.batches(data.default_batch_size(images.image_shape)))


def _batches_of(images, rows, labelled=False):
    """The images of those numbers and their labels, in batches of many but for the last."""
    pending, seen = [], 0
    batch_size = data.default_batch_size(images.image_shape)
    for batch, labels in _blocks_of(images, batch_size, labelled):
        first, last = np.searchsorted(rows, [seen, seen + len(batch)])
        places = rows[first:last] - seen
        pending.append((batch[places], labels[places]))
        seen += len(batch)
        if sum(len(part) for part, _ in pending) >= batch_size or last == len(rows):
            yield [np.concatenate(parts) for parts in zip(*pending, strict=True)]
            pending = []
        if last == len(rows):
            return
    if sum(len(part) for part, _ in pending):
        yield [np.concatenate(parts) for parts in zip(*pending, strict=True)]


def _blocks_of(images, batch_size, labelled):
    """Yields arrays of images and of labels, empty where none are asked for or they are large."""
    if not labelled:
        for batch in images.batches(batch_size):
            yield batch.numpy(), np.zeros((len(batch), 0))
        return
    for batch, labels in images.labelled_blocks(batch_size):
        small = labels.shape.rank <= 2  # others, such as images, would fill the memory
        yield batch.numpy(), labels.numpy() if small else np.zeros((len(batch), 0))


def _look_at(autoencoder, extractor, images, rows):
    """Codes, features, features of the reconstructions, and errors of a batch of images."""
    codes = autoencoder.encode_batch(tf.constant(images)).numpy()
    check_codes(codes, int(rows[0]), autoencoder.name)
    reconstructions = autoencoder.decode_batch(tf.constant(codes)).numpy()
    differences = (images - reconstructions).reshape(len(images), -1).astype("float64")
    errors = np.linalg.norm(differences, axis=1)
    return codes, extractor(images), extractor(reconstructions), errors


def _check_varied(kept, name):
    """Refuses images that are all one: every distance between them is 0, and no figure is right."""
    if len(kept) > 1 and not (kept != kept[0]).any():
        raise ValueError(
            f"Expected images that differ; all {len(kept):,} of '{name}' that were compared are "
            "the same one. Check how the images are read: is the folder the right one?"
        )


def _joined(batches):
    values = np.concatenate([batch.values for batch in batches])
    return dataclasses.replace(batches[0], values=values)


def _chosen_features(features, chosen):
    return dataclasses.replace(features, values=features.values[chosen])
