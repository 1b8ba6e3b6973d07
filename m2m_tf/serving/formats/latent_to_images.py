"""What other runtimes can run: latents to images, without the draw of the latents."""

import tensorflow as tf

from m2m_tf.keras_internals import with_constants
from m2m_tf.serving.served_model import pixels_of


class LatentToImages(tf.Module):
    """What the model's `Sampler` makes of latents, as one function.

    Its outputs are `values`, float32 in [-1, 1], and `images`, the same as uint8.

    Args:
        model: A `Mind2Mind`.
    """

    def __init__(self, model):
        super().__init__(name="latent_to_images")
        self._sampler = model.sampler
        self.classes = model.num_classes
        latent = tf.TensorSpec((None, model.latent_dim), tf.float32, "latent")
        label = [tf.TensorSpec((None,), tf.int32, "label")] if self.classes else []
        self.signature = (latent, *label)
        self.function = tf.function(self._images_of, input_signature=self.signature)

    def _images_of(self, latent, label=None):
        values = tf.clip_by_value(self._sampler.images_of(latent, label), -1.0, 1.0)
        return {"values": values, "images": pixels_of(values)}

    def save_frozen(self, folder):
        """Writes a SavedModel whose weights are constants, with one signature."""
        made = self.function.get_concrete_function()
        frozen = with_constants(made)
        names = sorted(made.structured_outputs)  # as TensorFlow flattens a dictionary
        module = tf.Module()
        module.function = tf.function(
            lambda *inputs: dict(zip(names, frozen(*inputs), strict=True)),
            input_signature=self.signature,
        )
        tf.saved_model.save(module, str(folder), module.function)


def draw_inputs(model, count, seed):
    """Inputs of so many images, by name: latents and, with classes, their labels."""
    inputs = {"latent": model.sample_latent(count, seed)}
    labels = model.sample_labels(count, seed)
    return inputs if labels is None else {**inputs, "label": labels}
