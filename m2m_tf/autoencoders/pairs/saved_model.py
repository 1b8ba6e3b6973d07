"""Autoencoders made elsewhere: SavedModels of any Keras, through `keras.layers.TFSMLayer`."""

import contextlib
import contextvars
from pathlib import Path

import keras

from m2m_tf.keras_internals import layers_below

_autoencoder = contextvars.ContextVar("the autoencoder of the model that is being loaded")


class SavedModelBlock(keras.layers.TFSMLayer):
    """A SavedModel as a frozen layer: one tensor in, one tensor out.

    Args:
        path: The SavedModel's folder.
        endpoint: The signature to call.
    """

    def __init__(self, path, endpoint, **kwargs):
        super().__init__(str(path), call_endpoint=endpoint, **kwargs)
        self.trainable = False  # TFSMLayer calls its weights trainable until told otherwise

    def call(self, inputs, training=False):
        outputs = super().call(inputs)
        return next(iter(outputs.values())) if isinstance(outputs, dict) else outputs


def load_block(path):
    """Loads a SavedModel of one input and one output as a frozen `keras.Model`.

    Args:
        path: The SavedModel's folder, with the signature `serving_default` (or `serve`).

    Raises:
        ValueError: If it has another number of inputs or outputs, or does not load.
    """
    import tensorflow as tf

    try:
        signatures = tf.saved_model.load(str(path)).signatures
    except (OSError, ValueError) as error:
        raise ValueError(
            f"Expected '{path}' to be a SavedModel; it does not load: {error}"
        ) from error
    endpoint = next((name for name in ("serving_default", "serve") if name in signatures), None)
    inputs = endpoint and signatures[endpoint].structured_input_signature[1]
    if not inputs or len(inputs) != 1 or len(signatures[endpoint].structured_outputs) != 1:
        raise ValueError(
            f"Expected the SavedModel '{path}' to have a signature 'serving_default' of one input "
            f"and one output; it has {sorted(signatures)}. Export it again with such a signature."
        )
    ((_, spec),) = inputs.items()
    tensor = keras.Input(spec.shape[1:], dtype=spec.dtype.name)
    block = keras.Model(tensor, SavedModelBlock(path, endpoint)(tensor), name=Path(path).name)
    block.trainable = False
    return block


def is_saved_model(path):
    """Whether the folder holds a SavedModel."""
    return (Path(path) / "saved_model.pb").is_file()


def is_pair(folder):
    """Whether the folder holds the two SavedModels `encoder/` and `decoder/`."""
    return all(is_saved_model(Path(folder) / name) for name in ("encoder", "decoder"))


def is_used_in(block):
    """Whether a layer of the model is a SavedModel."""
    return any(isinstance(layer, keras.layers.TFSMLayer) for layer in layers_below(block))


@contextlib.contextmanager
def loading_with(autoencoder):
    """Lends the autoencoder to a `.keras` file that could not hold it."""
    token = _autoencoder.set(autoencoder)
    try:
        yield
    finally:
        _autoencoder.reset(token)


def current_autoencoder():
    """Returns the autoencoder lent by `loading_with`.

    Raises:
        ValueError: If none was: the file is only a part of a model's folder.
    """
    try:
        return _autoencoder.get()
    except LookupError:
        raise ValueError(
            "This .keras file is part of a model whose autoencoder is a SavedModel beside it. Load "
            "the whole folder: m2m.Mind2Mind.load(folder)."
        ) from None
