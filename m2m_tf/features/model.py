"""Any built Keras model as an extractor."""

import tensorflow as tf

from m2m_tf.features.extractor import Extractor


def from_model(model, image_shape):
    """Returns the extractor that runs a Keras model; its name is the model's.

    The model takes images in [-1, 1]. An output with positions, `(n, height, width, dim)`, is
    averaged over them, as Inception's is for the Fréchet distance: flattened, it would have more
    features than most sets have images. A model that ends in `keras.layers.Flatten` keeps them.

    Args:
        model: A built `keras.Model` of one input `(n, height, width, channels)` and one output.
        image_shape: (height, width, channels) of the images, for a model that takes any size.

    Raises:
        ValueError: If the model is not built, or takes or gives something else.

    Example:

    ```python
    from_model(autoencoder.encoder, autoencoder.image_shape)(images).values.shape
    ```
    """
    check_model(model)
    image_shape = _image_shape(model, image_shape)
    output = _call(model, tf.zeros((1, *image_shape)))
    _check_output(model, output)
    notes = []
    if output.shape.rank > 2:
        notes = [f"averaged the features of {model.name!r} over {output.shape[1:-1]} positions"]

    def embed(images):
        features = _call(model, images)
        return tf.reduce_mean(features, axis=list(range(1, features.shape.rank - 1)))

    return Extractor(model.name, embed, image_shape, output.shape[-1], notes=notes)


def check_model(model):
    """Refuses a model that takes no images, whatever their size.

    Raises:
        ValueError: If it is not built, or takes something else.
    """
    if not model.built:
        raise ValueError(
            f"An extractor must be a built model; {model.name!r} is not built. Build it first: "
            "model.build((None, height, width, channels))."
        )
    expected = getattr(model, "input_shape", None)  # none of a subclass that was built by a call
    if expected is None:
        return
    if not isinstance(expected, tuple) or len(expected) != 4 or expected[3] not in (None, 1, 3):
        raise ValueError(
            "An extractor must take one input (n, height, width, channels) of 1 or 3 channels; "
            f"{model.name!r} takes {expected}."
        )


def _check_output(model, output):
    if not tf.is_tensor(output) or output.shape.rank < 2:
        got = tuple(output.shape) if tf.is_tensor(output) else type(output).__name__
        raise ValueError(
            f"An extractor must give one output (n, dim) or (n, height, width, dim); "
            f"{model.name!r} gives {got}."
        )


def _image_shape(model, image_shape):
    """(height, width, channels) that the model takes; where it takes any, those of the images."""
    expected = getattr(model, "input_shape", None) or (None, *image_shape)
    return tuple(e or found for e, found in zip(expected[1:], image_shape, strict=True))


def _call(model, images):
    return model(images, training=False)
