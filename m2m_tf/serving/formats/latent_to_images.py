"""What other runtimes can run: latents to images, without the draw of the latents."""

import keras
import tensorflow as tf

from m2m_tf.serving.served_model import pixels_of


class LatentToImages(keras.Model):
    """What the model's `Sampler` makes of latents, as a model that Keras exports.

    It takes a dictionary: `latent`, float32 `(n, latent_dim)`, and with classes `label`, int32
    `(n,)`. Its outputs are `values`, float32 in [-1, 1], and `images`, the same as uint8.

    Args:
        model: A `Mind2Mind`.

    Attributes:
        specs: The `tf.TensorSpec` of each input, by its name.

    Example:

    ```python
    LatentToImages(model).write("model.onnx", "onnx")
    ```
    """

    def __init__(self, model):
        super().__init__(name="latent_to_images")
        self._sampler = model.sampler
        self.specs = {"latent": tf.TensorSpec((None, model.latent_dim), tf.float32, "latent")}
        if model.num_classes:
            self.specs["label"] = tf.TensorSpec((None,), tf.int32, "label")
        self.built = True  # of what is built

    def call(self, inputs, training=False):
        made = self._sampler.images_of(inputs["latent"], inputs.get("label"))
        values = tf.clip_by_value(made, -1.0, 1.0)
        return {"values": values, "images": pixels_of(values)}

    def write(self, path, format, **options):
        """Writes it by Keras' `export`, in a format of Keras', with that format's options."""
        self.export(
            str(path), format=format, input_signature=[self.specs], verbose=False, **options
        )


def draw_inputs(model, count, seed):
    """Inputs of so many images, by name: latents and, with classes, their labels."""
    inputs = {"latent": model.sample_latent(count, seed)}
    labels = model.sample_labels(count, seed)
    return inputs if labels is None else {**inputs, "label": labels}
