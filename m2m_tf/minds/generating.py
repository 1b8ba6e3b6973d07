"""From a model to images: what `Mind2Mind` generates, and what it is asked for."""

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf.checks import batch_size_of, check_seed, check_whole
from m2m_tf.keras_internals import freed
from m2m_tf.minds import checks
from m2m_tf.minds.labels import draw_labels


class Generating:
    """What `Mind2Mind` generates: latents, labels, codes and images."""

    def generate(
        self,
        num_images: int,
        seed: int | None = None,
        batch_size: int | None = None,
        label: npt.ArrayLike | None = None,
        truncation: float = 1.0,
    ) -> npt.NDArray[np.float32]:
        """Generates images.

        Args:
            num_images: How many, 1 or more.
            seed: The same seed gives the same images; None draws one.
            batch_size: Images decoded at once; None is 256, fewer where they are large.
            label: For a model with classes: the class to generate, its number or name, or one
                for each image. None draws each class as often as it occurs in the target.
            truncation: In [0, 1]: how far latents lie from the middle of the prior, with the
                mixture from that of their component, as a share. Below 1, images are more typical
                and less diverse. Source: Karras et al., arXiv 1812.04948, appendix B.

        Returns:
            float32 array `(num_images, height, width, channels)` in [-1, 1].

        Raises:
            ValueError: If a label is no class, the model has none, or the truncation is out of
                range.
        """
        seed = drawn_seed() if seed is None else seed
        labels = self.sample_labels(num_images, seed, label)
        latent = self.sample_latent(num_images, seed, labels, truncation)
        return self.generate_from(latent, batch_size, labels)

    def generate_codes(
        self,
        num_codes: int,
        seed: int | None = None,
        label: npt.ArrayLike | None = None,
        truncation: float = 1.0,
    ) -> npt.NDArray[np.float32]:
        """Generates codes: decoded, they are the images that `generate` gives for the seed.

        Args:
            num_codes: How many, 1 or more.
            seed: The same seed gives the same codes; None draws one.
            label: As `generate` takes it.
            truncation: As `generate` takes it.

        Returns:
            float32 array `(num_codes, *code_shape)`.
        """
        seed = drawn_seed() if seed is None else seed
        labels = self.sample_labels(num_codes, seed, label)
        latent = self.sample_latent(num_codes, seed, labels, truncation)
        return self.sampler.codes_of(latent, labels).numpy()

    def sample_latent(
        self,
        num_images: int,
        seed: int | None = None,
        label: npt.ArrayLike | None = None,
        truncation: float = 1.0,
    ) -> npt.NDArray[np.float32]:
        """Draws latents from the prior.

        Args:
            num_images: How many, 1 or more.
            seed: The same seed gives the same latents; None draws one.
            label: As `generate` takes it: the mixture prior differs from class to class.
            truncation: As `generate` takes it.

        Returns:
            float32 array `(num_images, latent_dim)`.
        """
        seed = drawn_seed() if seed is None else seed
        labels = self.sample_labels(num_images, seed, label)
        truncation = checks.check_truncation(truncation)
        return self.sampler.draw_latent(num_images, seed, labels, truncation).numpy()

    def sample_labels(
        self, num_images: int, seed: int | None = None, label: npt.ArrayLike | None = None
    ) -> npt.NDArray[np.int32] | None:
        """The labels that `generate` takes for a seed: those given, or drawn from the target's law.

        Returns:
            int32 array `(num_images,)`; None for a model without classes.
        """
        check_whole("num_images", num_images)
        seed = drawn_seed() if seed is None else check_seed(seed)
        return draw_labels(self, num_images, seed, label)

    def generate_from(
        self,
        latent: npt.ArrayLike,
        batch_size: int | None = None,
        label: npt.ArrayLike | None = None,
    ) -> npt.NDArray[np.float32]:
        """Generates the images of given latents.

        Args:
            latent: float array `(n, latent_dim)`.
            batch_size: Images decoded at once; None is 256, fewer where they are large.
            label: As `generate` takes it; what None draws is the same at each call.

        Returns:
            float32 array `(n, height, width, channels)` in [-1, 1].

        Raises:
            ValueError: If the latents have another width, or a label is no class.
        """
        latent = checks.check_latent(latent, self.latent_dim)
        label = self.sample_labels(len(latent), seed=0, label=label)
        parts = []
        batch_size = batch_size_of(batch_size, self.autoencoder.default_batch_size)
        for start in range(0, len(latent), batch_size):
            rows = slice(start, start + batch_size)
            labels = None if label is None else tf.constant(label[rows])
            parts.append(self._images_of(tf.constant(latent[rows]), labels))
        return np.concatenate(parts)

    @tf.function(reduce_retracing=True)
    @freed
    def _images_of(self, latent, label):
        return self(latent, label)


def drawn_seed():
    """A seed where none is given: another one at each call, whatever global seeds are set."""
    return int(np.random.default_rng().integers(2**31))
