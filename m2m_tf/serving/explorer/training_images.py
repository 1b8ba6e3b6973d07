"""The images that a model was trained on, to find those that are nearest to a code."""

import dataclasses

import numpy as np
from sklearn.neighbors import NearestNeighbors

from m2m_tf.codes import encode_once, held_out_rows
from m2m_tf.pictures.pixels import to_pixels

KEPT_BYTES = 1 << 30  # of images that are held in memory
COMPARED = 1000  # images whose own neighbours give the usual distance


@dataclasses.dataclass
class TrainingImages:
    """Training images and their codes.

    Attributes:
        images: uint8 `(n, h, w, c)`.
        usual: The median distance of an image to the one that is nearest to it.
        notes: Sentences about what is not as it should be.
    """

    images: np.ndarray
    usual: float
    notes: list
    _search: NearestNeighbors
    _model: object

    def nearest(self, codes, count=6):
        """The training images that lie nearest to codes.

        Distances are between standardised codes: with the decoder's metric between images, about.

        Args:
            codes: float32 `(n, *code_shape)`.
            count: How many for each code.

        Returns:
            (their images, uint8 `(n, count, h, w, c)`; distances over the usual one, `(n, count)`).
        """
        found = self._search.kneighbors(_flat(self._model, codes), min(count, len(self.images)))
        return self.images[found[1]], found[0] / self.usual


def load_training_images(model, images, verbose=0):
    """Encodes a target and keeps those of its images that the model was trained on.

    Args:
        model: A trained `Mind2Mind`.
        images: `m2m.data.Images`, the target that it was trained on.
        verbose: 1 shows a progress bar.

    Returns:
        `TrainingImages`.

    Raises:
        ValueError: If the images do not fit the model's autoencoder.
    """
    paired = "Training images are shown beside what is near to their codes"
    store = encode_once(model.autoencoder, images, verbose=verbose, paired=paired)
    trained, notes = model.trained_on or {}, []
    share = trained.get("validation_split", 0.0)
    if trained.get("fingerprint") != store.fingerprint:
        share = 0.0
        notes.append(
            f"The model was fitted to other images than {images.name}: what is near to a sample"
            " here says nothing of what it has memorised."
        )
    most = max(2, KEPT_BYTES // int(np.prod(images.image_shape)))
    if store.count > most:
        notes.append(f"Of {store.count:,} images, the first {most:,} are searched.")
    kept = np.flatnonzero(~held_out_rows(store.count, share)[:most])
    pixels = _first_pixels(images, min(most, store.count))[kept]
    codes = _flat(model, store.codes[kept])
    search = NearestNeighbors(algorithm="brute").fit(codes)
    compared = codes[:: max(1, len(codes) // COMPARED)]
    usual = float(np.median(search.kneighbors(compared, 2)[0][:, 1]))
    return TrainingImages(pixels, usual or 1.0, notes, search, model)


def _first_pixels(images, count):
    """The first images as uint8: as floats they would take four times as much."""
    pixels = np.empty((count, *images.image_shape), np.uint8)
    done = 0
    for batch in images.batches(256):
        part = to_pixels(batch.numpy())[: count - done]
        pixels[done : done + len(part)] = part
        done += len(part)
        if done == count:
            break
    return pixels


def _flat(model, codes):
    standardised = np.asarray(model.statistics.standardise(np.asarray(codes, "float32")))
    return standardised.reshape(len(standardised), -1)
