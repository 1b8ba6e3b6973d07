"""An extractor: a named function from images to features."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import keras
import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.checks import check_choice
from m2m_tf.data.hints import ImageSource
from m2m_tf.features.features import Features, check_finite
from m2m_tf.hints import ValueRange

NO_FILTER = "none"


def bilinear(images, size):
    """Bilinear with antialiasing: a triangle as wide as the step, as Pillow's BILINEAR."""
    return tf.image.resize(images, size, method="bilinear", antialias=True)


def bilinear_tf1(images, size):
    """TensorFlow 1's bilinear: corners at whole pixels, no antialiasing; the literature's FID."""
    return tf.raw_ops.ResizeBilinear(
        images=images, size=size, align_corners=False, half_pixel_centers=False
    )


FILTERS = {"bilinear": bilinear, "bilinear_tf1": bilinear_tf1}


class Extractor:
    """A named, frozen function from images to features.

    Images of another size are stretched to the extractor's, without a crop; grey ones become
    colour for an extractor of colour images, and the other way round. `Features` says both.

    Args:
        name: What figures call it; figures of two names are never compared.
        embed: float32 images `(n, *image_shape)` in [-1, 1] to features `(n, dim)`.
        image_shape: (height, width, channels) that `embed` takes; channels 1 or 3.
        dim: Number of features of an image.
        resize: The filter for images of another size: `"bilinear"` (antialiased) or
            `"bilinear_tf1"`.
        batch_limit: Most images that `embed` takes at a time, for the memory's sake.
        eight_bits: Whether pixels are first rounded to 256 values, as a PNG file would.
        notes: Sentences that go with every `Features` that it makes.

    Raises:
        ValueError: If the filter is unknown.

    Example:

    ```python
    extractor = get_extractor("digits_fashion", image_shape=(28, 28, 1))
    features = extractor(images)  # features.values: float32 (n, 128)
    ```
    """

    def __init__(
        self,
        name: str,
        embed: Callable[[tf.Tensor], tf.Tensor],
        image_shape: Sequence[int],
        dim: int,
        resize: Literal["bilinear", "bilinear_tf1"] = "bilinear",
        batch_limit: int = 256,
        eight_bits: bool = False,
        notes: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.image_shape: tuple[int, ...] = tuple(image_shape)
        self.dim: int = int(dim)
        self.resize = resize
        self.batch_limit = batch_limit
        self.eight_bits = eight_bits
        self.notes: tuple[str, ...] = tuple(notes)
        self._embed = embed
        self._filter = get_filter(resize)
        self._run = tf.function(self._prepare_and_embed, reduce_retracing=True)

    def __call__(
        self,
        images: ImageSource,
        batch_size: int = 256,
        verbose: int = 0,
        value_range: ValueRange = "auto",
    ) -> Features:
        """Extracts features, batch by batch.

        Args:
            images: Anything that `m2m.data.load` takes: an array `(n, height, width, channels)`,
                a `tf.data.Dataset`, a path, `m2m.data.Images`.
            batch_size: Images at a time, at most; a network of large images takes fewer.
            verbose: 1 shows a progress bar.
            value_range: The images' values that are black and white, as `m2m.data.load` takes them.

        Returns:
            `Features`, with values float32 `(n, dim)`.

        Raises:
            ValueError: If `m2m.data.load` refuses the images, or a feature is not finite.
        """
        channels = self.image_shape[2]
        images = data.load(images, channels=channels, at_least=1, value_range=value_range)
        most = min(batch_size, data.default_batch_size(images.image_shape))
        values = self._stream(images, min(most, self.batch_limit), verbose)
        resize = filter_used(self.resize, images.image_shape[:2], self.image_shape[:2])
        return Features(values, self.name, resize, (*images.notes, *self.notes))

    def _stream(self, images, batch_size, verbose):
        taken, count = [], 0
        progress = keras.utils.Progbar(images.count, verbose=verbose, unit_name="image")
        for batch in images.batches(batch_size):
            values = self._run(batch).numpy()
            check_finite(values, self.name, count)
            taken.append(values)
            count += len(values)
            progress.update(count, finalize=False)
        progress.update(count, finalize=True)
        return np.concatenate(taken)

    def _prepare_and_embed(self, images):
        if self.eight_bits:
            images = tf.round((images + 1) * 127.5) / 127.5 - 1
        if tuple(images.shape[1:3]) != self.image_shape[:2]:
            images = self._filter(images, self.image_shape[:2])
        return tf.cast(self._embed(images), tf.float32)

    def __repr__(self) -> str:
        return f"<Extractor {self.name!r}: images {self.image_shape} to {self.dim} features>"


def of_scaled(extractor, images):
    """The features of an array of floats in [-1, 1], by an `Extractor` or another function."""
    return extractor(data.scaled(images) if isinstance(extractor, Extractor) else images)


def get_filter(name):
    """The filter of that name.

    Raises:
        ValueError: If there is none.
    """
    return FILTERS[check_choice("resize", name, FILTERS)]


def filter_used(name, found, target):
    """`name`, or `"none"` where images of height and width `found` need no resizing."""
    return NO_FILTER if tuple(found) == tuple(target) else name
