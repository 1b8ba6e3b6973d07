"""The whole generator as a SavedModel: latent to images, or a number and a seed to images.

That of a class-conditional model takes labels too.
"""

from pathlib import Path

import tensorflow as tf

MOST_IMAGES = 4096  # of one call of `sample`: a server must not be asked out of its memory
ANY_CLASS = -1  # as a label of `sample`: drawn from the target's law
NAMES = Path("assets.extra", "classes.txt")  # the folder that TF Serving leaves to the user


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
        self._class_law = model.class_law
        self._latent_law = model.latent_law

    @tf.function
    def images_of(self, latent):
        """Latents float32 `(n, latent_dim)` to images uint8 `(n, height, width, channels)`."""
        return {"images": self._pixels(latent)}

    @tf.function
    def images_of_classes(self, latent, label):
        """The same with the number of a class for each latent, int32 `(n,)`."""
        one_hot = tf.one_hot(self._classes(label, least=0), self._class_law.count)
        return {"images": self._pixels([latent, one_hot])}

    @tf.function
    def sample(self, num_images, seed):
        """Draws `num_images` latents from a seed: the images, and the latents they came from."""
        latent = self._latent(self._checked(num_images), seed)
        return {"images": self._pixels(latent), "latent": latent}

    @tf.function
    def sample_class(self, num_images, seed, label):
        """The same of one class, or with -1 of each as often as it occurs in the target."""
        count = self._checked(num_images)
        drawn = self._class_law.sample(count, tf.stack([seed, tf.constant(1, tf.int64)]))
        labels = self._classes(tf.where(label == ANY_CLASS, drawn, label), least=ANY_CLASS)
        latent = self._latent(count, seed, labels)
        one_hot = tf.one_hot(labels, self._class_law.count)
        return {"images": self._pixels([latent, one_hot]), "latent": latent, "label": labels}

    def _latent(self, count, seed, labels=None):
        seed = tf.stack([seed, tf.constant(0, tf.int64)])
        noise = self._latent_law.draw((count, self._latent_law.noise_dim), seed)
        return self._latent_law.latent_of(noise, labels)

    def _checked(self, num_images):
        """The number of images, once it is seen to be in range."""
        allowed = tf.debugging.assert_less_equal(
            [1, num_images], [num_images, MOST_IMAGES], f"num_images must be 1 to {MOST_IMAGES}"
        )
        with tf.control_dependencies([allowed]):
            return tf.identity(num_images)  # waits: nothing is made before the check

    def _classes(self, labels, least):
        """The labels, once they are seen to be classes."""
        count = self._class_law.count
        said = f"label must be {least} to {count - 1}"
        with tf.control_dependencies(
            [
                tf.debugging.assert_non_negative(labels, said),
                tf.debugging.assert_less(labels, count, said),
            ]
        ):
            return tf.identity(labels)  # waits, as the check of the number of images does

    def _pixels(self, inputs):
        codes = self._statistics.restore(self._average(inputs, training=False))
        images = self._decoder(codes, training=False)
        pixels = tf.round((tf.clip_by_value(images, -1.0, 1.0) + 1.0) * 127.5)
        return tf.cast(pixels, tf.uint8)


def export_saved_model(model, path):
    """Writes a SavedModel that TF Serving loads.

    Signatures: `serving_default` takes `latent`, float32 `(n, latent_dim)`, and gives `images`,
    uint8 `(n, height, width, channels)`. `sample` takes `num_images`, an int32 scalar, and `seed`,
    an int64 scalar, and gives `images` and `latent`: those of `model.generate(num_images, seed)`.

    Those of a model with classes also take `label`, the number of a class: `serving_default` int32
    `(n,)`; `sample` an int32 scalar, -1 for each class as often as it occurs in the target, and it
    gives the `label` of each image. Names of classes are the lines of `assets.extra/classes.txt`.

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
    if model.classes:
        labels = tf.TensorSpec((None,), tf.int32, "label")
        label = tf.TensorSpec((), tf.int32, "label")
        default = served.images_of_classes.get_concrete_function(latent, labels)
        sample = served.sample_class.get_concrete_function(num_images, seed, label)
    else:
        default = served.images_of.get_concrete_function(latent)
        sample = served.sample.get_concrete_function(num_images, seed)
    signatures = {"serving_default": default, "sample": sample}
    try:
        tf.saved_model.save(served, str(path), signatures)
    except tf.errors.OpError as error:  # what the disk says comes as TensorFlow's error
        raise OSError(f"'{path}' could not be written: {error.message.splitlines()[0]}") from error
    if isinstance(model.classes, tuple):
        (path / NAMES).parent.mkdir()
        (path / NAMES).write_text("\n".join(model.classes) + "\n", encoding="utf-8")
    return path
