"""Files that safetensors wrote."""

import math

from m2m_tf.files.floats import widened

KINDS = {"F16": "float16", "BF16": "bfloat16", "F32": "float32"}


def read(data, path):
    """The tensors of a `.safetensors` file.

    Args:
        data: Its bytes.
        path: Where they came from, for messages.

    Returns:
        `{name: float32 array}`.

    Raises:
        ValueError: If safetensors is not installed, the file is damaged, or a tensor holds other
            numbers than floats of 16 or 32 bits.
    """
    try:
        import safetensors
    except ImportError:
        raise ValueError(
            f"Reading '{path}' needs safetensors: pip install \"m2m_tf[hub]\"."
        ) from None
    try:
        entries = safetensors.deserialize(data)
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"Expected '{path}' to be a whole .safetensors file; it is damaged or cut short "
            f"({error}). Download it again."
        ) from None
    return {name: _array(name, entry, path) for name, entry in entries}


def _array(name, entry, path):
    kind, shape = KINDS.get(entry["dtype"]), tuple(entry["shape"])
    if kind is None:
        raise ValueError(
            f"Expected '{path}' to hold tensors of {', '.join(KINDS)}; '{name}' is of "
            f"{entry['dtype']}."
        )
    array = widened(entry["data"], kind)
    if array.size != math.prod(shape):
        raise ValueError(
            f"Expected '{path}' to hold a '{name}' of shape {shape}; it has {array.size} numbers."
        )
    return array.reshape(shape)
