"""What is exported: the graph of each signature, over weights that are stored once."""

import math

import tensorflow as tf

ANY_CLASS = -1  # as a label of `sample`: drawn from the target's law
MOST_IMAGES, MOST_VALUES = 4096, 1 << 26  # of one call: a server must not be asked out of memory


def most_images(image_shape):
    """The images that one call may ask for: 4,096, or fewer where they are large (64 MB)."""
    return max(1, min(MOST_IMAGES, MOST_VALUES // math.prod(image_shape)))


class ServedModel(tf.Module):
    """The model's `Sampler` and its autoencoder, with a server's checks around them.

    Images go in and out as uint8. The methods are plain: as `tf.function`s they would be stored
    twice, by themselves and as signatures.

    Args:
        model: A `Mind2Mind`.
    """

    def __init__(self, model):
        super().__init__(name="m2m_model")
        self._sampler = model.sampler
        self._decoder = model.autoencoder.decoder
        self._encoder = model.autoencoder.encoder
        self._classes_count = model.num_classes
        self._most_images = most_images(model.autoencoder.image_shape)

    def images_of(self, latent, label=None):
        """Images of latents and, of a model with classes, of a class for each of them."""
        label = None if label is None else self._classes(label, least=0)
        return {"images": pixels_of(self._sampler.images_of(latent, label))}

    def sample(self, num_images, seed, truncation, label=None):
        """Images of a seed, the latents that they came from and, with classes, their labels."""
        return self._sample(num_images, seed, truncation, label)

    def png(self, num_images, seed, label=None):
        """The same images as PNG files."""
        images = self._sample(num_images, seed, 1.0, label)["images"]
        files = tf.map_fn(tf.io.encode_png, images, fn_output_signature=tf.string)
        return {"png_bytes": files}  # TF Serving writes what is named so in base64

    def encode(self, images):
        """Codes of images."""
        return {"codes": self._codes(images)}

    def reconstruct(self, images):
        """Images, encoded and decoded."""
        return {"images": pixels_of(self._decoder(self._codes(images), training=False))}

    def _sample(self, num_images, seed, truncation, label):
        count = self._checked_count(num_images)
        truncation = _checked_truncation(truncation)
        labels = None if label is None else self._drawn_classes(count, seed, label)
        latent = self._sampler.draw_latent(count, seed, labels, truncation)
        images = pixels_of(self._sampler.images_of(latent, labels))
        drawn = {"images": images, "latent": latent}
        return drawn if labels is None else {**drawn, "label": labels}

    def _codes(self, images):
        images = tf.cast(images, tf.float32) / 127.5 - 1.0
        return self._encoder(images, training=False)

    def _checked_count(self, num_images):
        """The number of images, once it is seen to be in range."""
        most = self._most_images
        allowed = tf.debugging.assert_less_equal(
            [1, num_images], [num_images, most], f"num_images must be 1 to {most}"
        )
        with tf.control_dependencies([allowed]):
            return tf.identity(num_images)  # waits: nothing is made before the check

    def _drawn_classes(self, count, seed, label):
        drawn = self._sampler.draw_labels(count, seed)
        return self._classes(tf.where(label == ANY_CLASS, drawn, label), least=ANY_CLASS)

    def _classes(self, labels, least):
        """The labels, once they are seen to be classes."""
        count = self._classes_count
        said = f"label must be {least} to {count - 1}"
        with tf.control_dependencies(
            [
                tf.debugging.assert_non_negative(labels, said),
                tf.debugging.assert_less(labels, count, said),
            ]
        ):
            return tf.identity(labels)  # waits, as the check of the number of images does


def _checked_truncation(truncation):
    """The truncation, once it is seen to be in range; NaN is not."""
    truncation = tf.convert_to_tensor(truncation, tf.float32)
    allowed = tf.debugging.Assert(
        (truncation >= 0) & (truncation <= 1), ["truncation must be 0 to 1"]
    )
    with tf.control_dependencies([allowed]):
        return tf.identity(truncation)


def pixels_of(images):
    """Images in [-1, 1] as uint8, in a graph."""
    pixels = tf.round((tf.clip_by_value(images, -1.0, 1.0) + 1.0) * 127.5)
    return tf.cast(pixels, tf.uint8)
