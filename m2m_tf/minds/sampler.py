"""From a seed to images: the one way, of a model and of all that is exported from it."""

import numpy.typing as npt
import tensorflow as tf

from m2m_tf.minds.given import with_labels

LATENT, LABEL = 0, 1  # streams: what a seed draws for one says nothing about the other


class Sampler(tf.Module):
    """Prior, averaged generator, code statistics and decoder, one after the other.

    It computes in TensorFlow only, so it is the same outside a graph, in one, and in a SavedModel,
    which stores its weights. It takes what it is given: users' input is checked by its callers.

    Args:
        latent_law: The prior, as `make_prior` gives it.
        generator: A `keras.Model`, latents to standardised codes; the average, not what trains.
        statistics: The layer that restores codes from standardised ones.
        decoder: A `keras.Model`, codes to images.
        class_law: The `ClassLaw`; None without classes.

    Example:

    ```python
    sampler = model.sampler
    latent = sampler.draw_latent(8, seed=0)
    images = sampler.images_of(latent)  # (8, 28, 28, 1) in [-1, 1]
    ```
    """

    def __init__(self, latent_law, generator, statistics, decoder, class_law=None):
        super().__init__(name="sampler")
        self.latent_law, self.class_law = latent_law, class_law
        self.generator, self.statistics, self.decoder = generator, statistics, decoder

    def draw_labels(self, count: int | tf.Tensor, seed: int | tf.Tensor) -> tf.Tensor:
        """Labels, each class as often as it occurs in the target.

        Args:
            count: How many, an integer or a scalar tensor.
            seed: The same.

        Returns:
            int32 tensor `(count,)`.
        """
        return self.class_law.sample(count, _stream(seed, LABEL))

    def draw_latent(
        self,
        count: int | tf.Tensor,
        seed: int | tf.Tensor,
        labels: npt.ArrayLike | tf.Tensor | None = None,
        truncation: float | tf.Tensor = 1.0,
    ) -> tf.Tensor:
        """Latents.

        Args:
            count, seed: As `draw_labels` takes them.
            labels: With classes: that of each, int32 `(count,)`.
            truncation: In [0, 1]: how far they lie from the middle of the prior, as a share.

        Returns:
            float32 tensor `(count, latent_dim)`.
        """
        noise = self.latent_law.draw((count, self.latent_law.noise_dim), _stream(seed, LATENT))
        return self.latent_law.latent_of(noise, labels, truncation)

    def codes_of(
        self, latent: npt.ArrayLike | tf.Tensor, labels: npt.ArrayLike | tf.Tensor | None = None
    ) -> tf.Tensor:
        """Codes of latents `(n, latent_dim)` and, with classes, of their labels, int32 `(n,)`.

        Returns:
            float32 tensor `(n, *code_shape)`.
        """
        classes = self.class_law.count if self.class_law else 0
        standardised = self.generator(with_labels(latent, labels, classes), training=False)
        return self.statistics.restore(standardised)

    def images_of(
        self, latent: npt.ArrayLike | tf.Tensor, labels: npt.ArrayLike | tf.Tensor | None = None
    ) -> tf.Tensor:
        """Images of latents and labels, as `codes_of` takes them.

        Returns:
            float32 tensor `(n, height, width, channels)` in [-1, 1].
        """
        return self.decoder(self.codes_of(latent, labels), training=False)


def _stream(seed, number):
    """A seed of TensorFlow's: int64, so that seeds above 2^31 are the same in and out of graphs."""
    return tf.stack([tf.cast(seed, tf.int64), tf.constant(number, tf.int64)])
