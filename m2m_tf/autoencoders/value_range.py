"""The range of the images that networks of others take and give, brought to [-1, 1]."""

import math
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
from keras import layers

from m2m_tf import data
from m2m_tf.keras_internals import node_of

OURS, UNIT, PIXELS = (-1.0, 1.0), (0.0, 1.0), (0.0, 255.0)
KNOWN = (OURS, UNIT, PIXELS)
SCALED = (OURS, UNIT, (-0.5, 0.5))  # what networks scale their images to
POSITIVE = (0.0, math.inf)
BOUNDS = {
    **dict.fromkeys(("tanh", "hard_tanh", "soft_sign", "softsign"), OURS),
    **dict.fromkeys(("sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax"), UNIT),
    **dict.fromkeys(("relu", "softplus", "exponential", "squareplus", "sparse_plus"), POSITIVE),
    "relu6": (0.0, 6.0),
}
KEEP_BOUNDS = (
    layers.Reshape,
    layers.Flatten,
    layers.Permute,
    layers.Dropout,
    layers.Cropping2D,
    layers.UpSampling2D,
    layers.MaxPooling2D,
    layers.AveragePooling2D,
    layers.Identity,
)
PROBES = ("demo:digits", "demo:faces")  # images to try ranges on
FEW, LARGEST = 8, 256  # of each so many; one where a side is as long
LARGE = 2.0  # values that hardly a decoder of [-1, 1] gives
FIRST, LAST = "to_its_range", "to_our_range"  # the layers that bring a pair to ours
NEAR, NEARER = 0.5, 0.5  # of the images' variance, and of the error as they are taken now


def to_our_range(encoder, decoder, value_range="auto"):
    """Brings a pair to images in [-1, 1].

    Args:
        encoder, decoder: Built models that fit each other.
        value_range: `(low, high)` of the images that both hold; `"auto"` looks at how they begin
            and end, and where that does not tell, at what they make of some images.

    Returns:
        The encoder and the decoder, each with a layer more where it holds another range; and the
        two ranges.

    Raises:
        ValueError: If it cannot be told.
    """
    asked = None if isinstance(value_range, str) else checked_range(value_range)
    if isinstance(value_range, str) and value_range != "auto":
        raise ValueError(f"value_range is 'auto' or (low, high); got {value_range!r}.")
    if asked == OURS:
        return encoder, decoder, (OURS, OURS)
    taken, given = range_taken(encoder), range_given(decoder)
    if asked is None and given in (None, POSITIVE):
        # In another thread: a strategy's scope, where SavedModels cannot be called, is of this one.
        with ThreadPoolExecutor(1) as other:
            asked = other.submit(_found, encoder, decoder, taken, given).result()
    if asked is not None:
        given = asked if given is None or _holds(given, asked) else given
    if not all(map(math.isfinite, given)):
        raise ValueError(
            f"The decoder gives values from {given[0]:g} up, never {asked[0]:g}. Say what a pixel "
            "is: Autoencoder(encoder, decoder, value_range=(0, 1)), or (0, 255)."
        )
    taken = taken or asked or given
    return *brought(encoder, decoder, taken, given), (taken, given)


def brought(encoder, decoder, taken, given):
    """A pair with a layer more where it takes or gives images of another range than [-1, 1]."""
    return _taking(encoder, taken), _giving(decoder, given)


def as_it_came(encoder, decoder):
    """What `brought` was given: the pair without those layers, and its two ranges."""
    taken = given = OURS
    if any(layer.name == FIRST for layer in encoder.layers):
        _, layer, encoder = encoder.layers
        taken = layer.offset - layer.scale, layer.offset + layer.scale
    if any(layer.name == LAST for layer in decoder.layers):
        _, decoder, layer = decoder.layers
        given = (-layer.offset - 1) / layer.scale, (1 - layer.offset) / layer.scale
    return encoder, decoder, taken, given


def checked_range(value_range):
    """Returns a range as two floats, or refuses what is none."""
    pair = tuple(map(float, np.ravel(value_range)))
    if len(pair) != 2 or not all(map(math.isfinite, pair)) or pair[0] >= pair[1]:
        raise ValueError(
            "value_range is (low, high), the values of black and white, such as (0, 1), (-1, 1) or "
            f"(0, 255); got {value_range!r}."
        )
    return pair


def range_given(decoder):
    """The bounds `(low, high)` that a decoder's last layers set; None where they set none."""
    try:
        return _bounds(decoder.outputs[0])
    except AttributeError:  # a model without a graph of layers
        return None


def range_taken(encoder):
    """The range that an encoder brings to one of the usual ones by a first layer; None without."""
    first = next((each for each in encoder.layers if not _is_input(each)), None)
    while isinstance(first, keras.Model):
        first = next((each for each in first.layers if not _is_input(each)), None)
    if not isinstance(first, layers.Rescaling) or np.ndim(first.scale) or np.ndim(first.offset):
        return None
    found = [pair for pair in KNOWN if _near(_scaled(pair, first), SCALED)]
    return found[0] if len(found) == 1 else None


def _bounds(tensor):
    operation, node = node_of(tensor)
    if operation.name == LAST:
        return OURS
    if isinstance(operation, keras.Model):
        return range_given(operation)
    if isinstance(operation, KEEP_BOUNDS):
        return _bounds(node.input_tensors[0])
    if isinstance(operation, layers.Rescaling):
        below = _bounds(node.input_tensors[0])
        is_scalar = not (np.ndim(operation.scale) or np.ndim(operation.offset))
        return None if below is None or not is_scalar else _scaled(below, operation)
    if isinstance(operation, layers.ReLU):
        has_slope = operation.negative_slope > 0
        return None if has_slope else (0.0, operation.max_value or math.inf)
    activation = getattr(operation, "activation", None)
    name = getattr(activation, "__name__", type(operation).__name__).lower()
    return BOUNDS.get(name)


def _found(encoder, decoder, taken, given):
    """The range in which some images are reconstructed best; [-1, 1] where none is near."""
    lowest, highest, errors = math.inf, -math.inf, {}
    for source in PROBES:
        images = _probes(source, tuple(encoder.input_shape[1:]))
        for pair in KNOWN:
            codes = encoder(_placed(images, taken or pair), training=False)
            made = np.asarray(decoder(codes, training=False), "float64")
            back = (made - pair[0]) / (pair[1] - pair[0]) * 2 - 1
            errors[source, pair] = float(np.mean((back - images) ** 2) / np.var(images))
            if pair == OURS:
                lowest = min(lowest, np.quantile(made, 0.01))
                highest = max(highest, np.quantile(made, 0.99))
    source, best = min(errors, key=errors.get)
    if errors[source, best] < NEAR and errors[source, best] < NEARER * errors[source, OURS]:
        return best
    if given == POSITIVE or highest > LARGE or lowest > -0.05 and highest > 0.3:
        raise ValueError(
            f"The decoder gives values from {lowest:.3g} to {highest:.3g}, where m2m_tf's images "
            "are in [-1, 1], and reconstructs some images in no usual range. Say what its images "
            "hold: Autoencoder(encoder, decoder, value_range=(0, 1)), or (0, 255), or (-1, 1)."
        )
    return OURS


def _probes(source, shape):
    """Images that come with the package, float32 `(n, *shape)` in [-1, 1]."""
    count = FEW if max(shape[:2]) < LARGEST else 1
    images = data.load(source).numpy(count)
    channels = {1: images.mean(axis=-1, keepdims=True), 3: images + np.zeros(3, "float32")}
    resized = keras.ops.image.resize(channels[shape[-1]], shape[:2], antialias=True)
    return np.clip(np.asarray(resized), -1, 1)


def _placed(images, pair):
    return (images + 1) / 2 * (pair[1] - pair[0]) + pair[0]


def _taking(encoder, pair):
    if pair == OURS:
        return encoder
    image = keras.Input(encoder.input_shape[1:])
    low, high = pair
    inside = layers.Rescaling((high - low) / 2, (high + low) / 2, name=FIRST)(image)
    return keras.Model(image, encoder(inside), name=f"{encoder.name}_of_our_range")


def _giving(decoder, pair):
    if pair == OURS:
        return decoder
    code = keras.Input(decoder.input_shape[1:])
    low, high = pair
    scale = layers.Rescaling(2 / (high - low), -(high + low) / (high - low), name=LAST)
    return keras.Model(code, scale(decoder(code)), name=f"{decoder.name}_to_our_range")


def _scaled(pair, rescaling):
    ends = [float(rescaling.scale) * end + float(rescaling.offset) for end in pair]
    return min(ends), max(ends)


def _near(pair, others):
    return any(np.allclose(pair, other, atol=0.02) for other in others)


def _holds(outer, inner):
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _is_input(layer):
    return isinstance(layer, layers.InputLayer)
