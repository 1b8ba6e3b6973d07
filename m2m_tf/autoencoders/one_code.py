"""Networks of others as functions: one code an image, the same one at each call."""

import keras
import numpy as np

from m2m_tf.keras_internals import layers_below

MEANS = ("mean", "mu", "mode", "loc")  # in the names of what a variational encoder gives
IMAGES = 2  # that are encoded twice
SAFE = ("keras.", "m2m_tf.")  # packages whose layers draw nothing when they do not train


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
    outputs = getattr(encoder, "output", None)
    if not isinstance(encoder, keras.Model) or not isinstance(outputs, list | tuple | dict):
        return encoder, None
    names = list(outputs) if isinstance(outputs, dict) else encoder.output_names
    tensors = list(outputs.values()) if isinstance(outputs, dict) else outputs
    if len(tensors) == 1:
        return keras.Model(encoder.inputs, tensors[0], name=encoder.name), None
    means = [number for number, name in enumerate(names) if _says_mean(name)]
    if len(means) != 1:
        raise ValueError(
            f"Autoencoder expects an encoder of one output, the code; this one has {len(names)}: "
            f"{', '.join(map(repr, names))}. Give the mean alone, as "
            "keras.Model(encoder.inputs, encoder.outputs[0]), or name its layer 'mean'."
        )
    [number] = means
    note = f"Of the encoder's outputs {', '.join(names)}, codes are {names[number]}."
    return keras.Model(encoder.inputs, tensors[number], name=encoder.name), note


def check_draws_nothing(name, network):
    """Refuses a network that gives other values for the same ones at each call.

    Args:
        name: `"encoder"` or `"decoder"`.
        network: A built `keras.Model` of one input and one output.

    Raises:
        ValueError: If it does, with the way to one that does not.
    """
    if not any(map(_may_draw, [network, *layers_below(network)])):
        return
    shape = (IMAGES, *network.input_shape[1:])
    inputs = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    first, second = (np.asarray(network(inputs, training=False)) for _ in range(2))
    if np.allclose(first, second, rtol=1e-3, atol=1e-4 * (np.abs(first).max() + 1e-6)):
        return
    layers = {each.name: each for each in network.layers}
    found = next((each for each in layers if _says_mean(each)), None)
    layer = f"'{found}'" if found else "its layer before the draw"
    raise ValueError(
        f"The {name} draws: called twice on the same input, it does not give the same code, as "
        "with a variational one's sampling layer, or dropout that is always on. Give the mean: "
        f"keras.Model({name}.input, {name}.get_layer({layer}).output)."
    )


def _may_draw(layer):
    """Whether a layer is of a kind that may draw when it does not train."""
    kind = type(layer)
    is_program = kind.__name__ in ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer")
    return is_program or not kind.__module__.startswith(SAFE)


def _says_mean(name):
    """Whether a name is that of a mean: "z_mean", "mu", "encoder/mean_1"."""
    words = str(name).lower().replace("/", "_").replace("-", "_").split("_")
    return any(word.rstrip("0123456789") in MEANS for word in words)
