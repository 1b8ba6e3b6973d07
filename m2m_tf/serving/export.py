"""The whole generator as a SavedModel: latent to images, or a number and a seed to images."""

from pathlib import Path

import tensorflow as tf

MOST_IMAGES = 4096  # of one call of `sample`: a server must not be asked out of its memory


class ServedGenerator(tf.Module):
    """What is exported: prior, averaged generator, code statistics and decoder, each once.

    Args:
        model: A `Mind2Mind`.
    """

    def __init__(self, model):
        super().__init__(name="m2m_generator")
        self._average = model.average
        self._statistics = model.statistics
        self._decoder = model.autoencoder.decoder
        self._sample_prior = model.sample_prior
        self._latent_dim = model.latent_dim

    @tf.function
    def images_of(self, latent):
        """Latents float32 `(n, latent_dim)` to images uint8 `(n, height, width, channels)`."""
        codes = self._statistics.restore(self._average(latent, training=False))
        images = self._decoder(codes, training=False)
        pixels = tf.round((tf.clip_by_value(images, -1.0, 1.0) + 1.0) * 127.5)
        return {"images": tf.cast(pixels, tf.uint8)}

    @tf.function
    def sample(self, num_images, seed):
        """Draws `num_images` latents from a seed: the images, and the latents they came from."""
        allowed = tf.debugging.assert_less_equal(
            [1, num_images], [num_images, MOST_IMAGES], f"num_images must be 1 to {MOST_IMAGES}"
        )
        with tf.control_dependencies([allowed]):
            num_images = tf.identity(num_images)  # waits: nothing is made before the check
        shape = (num_images, self._latent_dim)
        latent = self._sample_prior(shape, tf.stack([seed, tf.constant(0, tf.int64)]))
        return {**self.images_of(latent), "latent": latent}


def export_saved_model(model, path):
    """Writes a SavedModel that TF Serving loads.

    Signatures: `serving_default` takes `latent`, float32 `(n, latent_dim)`, and gives `images`,
    uint8 `(n, height, width, channels)`. `sample` takes `num_images`, an int32 scalar, and `seed`,
    an int64 scalar, and gives `images` and `latent`: those of `model.generate(num_images, seed)`.

    Args:
        model: A `Mind2Mind`.
        path: The folder to write, such as `exports/digits/1`: TF Serving takes the last name as
            the version. It must not hold anything yet.

    Returns:
        The path.

    Raises:
        ValueError: If the folder holds something.

    Example:

    ```python
    export_saved_model(model, "exports/digits/1")
    served = tf.saved_model.load("exports/digits/1")
    images = served.signatures["sample"](
        num_images=tf.constant(4), seed=tf.constant(0, tf.int64)
    )["images"]
    ```
    """
    path = Path(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ValueError(
            f"Expected '{path}' to be a new folder; it holds something already. Export to the next "
            "version's folder, or remove this one."
        )
    served = ServedGenerator(model)
    latent = tf.TensorSpec((None, model.latent_dim), tf.float32, "latent")
    num_images = tf.TensorSpec((), tf.int32, "num_images")
    seed = tf.TensorSpec((), tf.int64, "seed")
    signatures = {
        "serving_default": served.images_of.get_concrete_function(latent),
        "sample": served.sample.get_concrete_function(num_images, seed),
    }
    tf.saved_model.save(served, str(path), signatures)
    return path
