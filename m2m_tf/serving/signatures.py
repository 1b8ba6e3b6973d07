"""The signatures of an export: what each takes, by name."""

import tensorflow as tf

from m2m_tf.keras_internals import freed


def signatures_of(served, model):
    """The graphs to store: `{signature: concrete function}`.

    Args:
        served: The `ServedModel` of the model.
        model: A `Mind2Mind`.
    """
    latent = tf.TensorSpec((None, model.latent_dim), tf.float32, "latent")
    images = tf.TensorSpec((None, *model.autoencoder.image_shape), tf.uint8, "images")
    num_images = tf.TensorSpec((), tf.int32, "num_images")
    seed = tf.TensorSpec((), tf.int64, "seed")
    truncation = tf.TensorSpec((), tf.float32, "truncation")
    labels = [tf.TensorSpec((None,), tf.int32, "label")] if model.classes else []
    label = [tf.TensorSpec((), tf.int32, "label")] if model.classes else []
    takes = {
        "serving_default": (served.images_of, latent, *labels),
        "sample": (served.sample, num_images, seed, truncation, *label),
        "png": (served.png, num_images, seed, *label),
        "encode": (served.encode, images),
        "reconstruct": (served.reconstruct, images),
    }
    return {
        name: tf.function(freed(method)).get_concrete_function(*specs)
        for name, (method, *specs) in takes.items()
    }


def described(signatures):
    """What each signature takes and gives: `{signature: {"inputs": ..., "outputs": ...}}`.

    A tensor is its type and shape, such as `"uint8 (n, 28, 28, 1)"`.
    """
    return {
        name: {
            "inputs": _tensors(function.structured_input_signature[1] or _arguments(function)),
            "outputs": _tensors(function.structured_outputs),
        }
        for name, function in signatures.items()
    }


def _arguments(function):
    return {spec.name: spec for spec in function.structured_input_signature[0] if spec is not None}


def _tensors(specs):
    return {name: f"{spec.dtype.name} {_shape(spec.shape)}" for name, spec in specs.items()}


def _shape(shape):
    sides = ["n" if side is None else str(side) for side in shape]
    return f"({', '.join(sides)}{',' if len(sides) == 1 else ''})"
