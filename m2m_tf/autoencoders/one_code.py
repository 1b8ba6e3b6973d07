"""Networks of others as functions: one code an image, the same one at each call."""

import functools

import keras
import numpy as np

from m2m_tf.autoencoders.outside_scopes import outside_scopes
from m2m_tf.keras_internals import node_of

MEANS = ("mean", "mu", "mode", "loc")  # in the names of what a variational encoder gives
IMAGES = 2  # that are encoded twice
TRAINING_ONLY = (
    keras.layers.Dropout,
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.AlphaDropout,
    keras.layers.GaussianDropout,
    keras.layers.GaussianNoise,
)


def with_one_output(encoder):
    """The encoder of one code: of several outputs, as a variational one has, that of the mean.

    Args:
        encoder: A `keras.Model`.

    Returns:
        The encoder, or a model of it that gives the mean alone; and a note on what was done, or
        None.

    Raises:
        ValueError: If there are several outputs and it cannot be told which is the mean.
    """
    encoder = unpacked(encoder)
    tensors = _outputs_of(encoder)
    if len(tensors) < 2:
        return encoder, None
    names = list(encoder.output) if isinstance(encoder.output, dict) else encoder.output_names
    means = [number for number, name in enumerate(names) if _says_mean(name)]
    if len(means) != 1:
        raise ValueError(
            f"Autoencoder expects an encoder of one output, the code; this one has {len(names)}: "
            f"{', '.join(map(repr, names))}. Give the mean alone, as "
            "keras.Model(encoder.inputs, encoder.outputs[0]), or name its layer 'mean'."
        )
    [number] = means
    note = f"Of the encoder's outputs {', '.join(names)}, codes are {names[number]}."
    return keras.Model(_one(encoder.inputs), tensors[number], name=encoder.name), note


def unpacked(network):
    """A network of one output in a dictionary or a list, as one of that output; others stay."""
    tensors = _outputs_of(network)
    if len(tensors) != 1:
        return network
    return keras.Model(_one(network.inputs), tensors[0], name=network.name)


def check_draws_nothing(name, network):
    """Refuses a network that gives other values for the same ones at each call.

    Args:
        name: `"encoder"` or `"decoder"`.
        network: A built `keras.Model` of one input and one output.

    Raises:
        ValueError: If it does, with the way to one that does not.
    """
    if not _draws(network):
        return
    what = "images" if name == "decoder" else "code"
    raise ValueError(
        f"The {name} draws: called twice on the same input, it does not give the same {what}, as "
        "with a variational one's sampling layer, or dropout that is always on. "
        f"{_without_draw(name, network)}"
    )


def note_of_whole_codes(encoder):
    """A note where codes are whole numbers, such as an argmax gives; else None."""
    codes = np.asarray(_called(encoder)[0])
    if not codes.any() or (codes != np.rint(codes)).any():
        return None
    return (
        "The encoder's codes are whole numbers, as those of a codebook's entries are: a mind makes "
        "numbers between them. Better codes are the vectors before they are chosen from or rounded"
    )


def _outputs_of(network):
    """The outputs that a network gives in a dictionary or a list; none where it gives one alone."""
    outputs = getattr(network, "output", None)
    if not isinstance(network, keras.Model) or not isinstance(outputs, list | tuple | dict):
        return []
    return list(outputs.values() if isinstance(outputs, dict) else outputs)


def _one(inputs):
    """A list of one input as that input: a model of a list warns where it is given a tensor."""
    return inputs[0] if len(inputs) == 1 else inputs


def _called(network):
    """What a network makes of the same few inputs, a list of its outputs."""
    shape = (IMAGES, *network.input_shape[1:])
    inputs = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    made = outside_scopes(functools.partial(network, training=False), inputs)
    return keras.tree.flatten(made)


def _draws(network):
    """Whether it gives other values for the same inputs when it is called again."""
    pairs = zip(_called(network), _called(network), strict=True)
    return not all(_alike(*map(np.asarray, pair)) for pair in pairs)


def _alike(first, second):
    first, second = np.nan_to_num(first), np.nan_to_num(second)  # what is NaN is refused elsewhere
    return np.allclose(first, second, rtol=1e-3, atol=1e-4 * (np.abs(first).max() + 1e-6))


def _without_draw(name, network):
    """The way to a network that does not draw, with its layers' names where they can be told."""
    still = {layer.name: _still_draws(network, layer) for layer in network.layers}
    drawing = next((network.get_layer(each) for each in still if still[each]), None)
    mean = next((each for each in still if _says_mean(each) and still[each] is False), None)
    said = f"'{drawing.name}' draws. " if drawing else ""
    off = "build it with training=False"
    if name == "decoder" or drawing and not mean and not _is_code(drawing, network):
        return f"{said}If that is dropout or noise, {off}, or without it."
    found = "encoder.get_layer('NAME').output"
    if mean:
        found = f"encoder.get_layer('{mean}').output"
    elif drawing:  # of several inputs, the mean is the first by custom
        first = "[0]" if isinstance(drawing.input, list) else ""
        found = f"encoder.get_layer('{drawing.name}').input{first}"
    return f"{said}Give the mean: keras.Model(encoder.input, {found}); if that is dropout, {off}."


def _still_draws(network, layer):
    """Whether a network draws up to a layer of it; None where that cannot be told."""
    try:
        return _draws(keras.Model(_one(network.inputs), layer.output))
    except (AttributeError, ValueError):  # a model within, or a layer that is called twice
        return None


def _is_code(layer, network):
    """Whether what a layer draws is the code itself, as a sampling layer's is."""
    operation, _ = node_of(network.outputs[0])
    return operation is layer and not isinstance(layer, TRAINING_ONLY)


def _says_mean(name):
    """Whether a name is that of a mean: "z_mean", "mu", "encoder/mean_1"."""
    words = str(name).lower().replace("/", "_").replace("-", "_").split("_")
    return any(word.rstrip("0123456789") in MEANS for word in words)
