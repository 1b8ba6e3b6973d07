"""The range of the images that networks of others take and give, brought to [-1, 1]."""

import functools
import math

import keras
import numpy as np
from keras import layers

from m2m_tf import data
from m2m_tf.autoencoders.outside_scopes import outside_scopes
from m2m_tf.keras_internals import node_of

OURS, UNIT, HALVES, PIXELS = (-1.0, 1.0), (0.0, 1.0), (-0.5, 0.5), (0.0, 255.0)
SCALED = (OURS, UNIT, HALVES)  # what networks scale their images to
KNOWN = (*SCALED, PIXELS)
POSITIVE = (0.0, math.inf)
CAPPED = (0.0, 6.0)  # a relu6: where it is capped is not white
BOUNDS = {
    **dict.fromkeys(("tanh", "hard_tanh", "soft_sign", "softsign"), OURS),
    **dict.fromkeys(("sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax"), UNIT),
    **dict.fromkeys(("relu", "softplus", "exponential", "squareplus", "sparse_plus"), POSITIVE),
    "relu6": CAPPED,
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
PROBES = ("demo:digits", "demo:faces")  # images to try ranges on, and their negatives
FEW, MANY = 8, 2**14  # of each so many; fewer, where they have more pixels together
LARGE = 2.0  # values that hardly a decoder of [-1, 1] gives
FIRST, LAST = "to_its_range", "to_our_range"  # the layers that bring a pair to ours
NEAR, NEARER = 0.5, 0.5  # of the images' variance, and of the error where layers tell the ranges
GOOD = 0.05  # such an error is none of a wrong range
MIXED = 1.5  # times as good are two ranges that differ to be, as hardly a pair has them


def to_our_range(encoder, decoder, value_range="auto"):
    """Brings a pair to images in [-1, 1].

    Args:
        encoder, decoder: Built models that fit each other.
        value_range: `(low, high)` of the images that both hold; `"auto"` looks at how they begin
            and end, and at what they make of some images: ranges in which they reconstruct them
            clearly better are taken in place of those.

    Returns:
        The encoder and the decoder, each with a layer more where it holds another range; and the
        two ranges.

    Raises:
        ValueError: If it cannot be told.
    """
    value_range = checked_range(value_range)
    asked = None if value_range == "auto" else value_range
    if asked == OURS:
        return encoder, decoder, (OURS, OURS)
    taken, given = range_taken(encoder), range_given(decoder)
    given = POSITIVE if given == CAPPED else given
    if asked is None:
        if _were_brought(encoder, decoder):
            return encoder, decoder, (OURS, OURS)
        taken, given = outside_scopes(_found, encoder, decoder, taken, given)
    elif given is None or _holds(given, asked):
        given = asked
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
    """Returns `"auto"`, or a range as two floats; refuses everything else."""
    if isinstance(value_range, str) and value_range == "auto":
        return value_range
    try:
        pair = tuple(map(float, np.ravel(value_range)))
    except (TypeError, ValueError):  # None, or words
        pair = ()
    if len(pair) != 2 or not all(map(math.isfinite, pair)) or pair[0] >= pair[1]:
        raise ValueError(
            "value_range is 'auto', or (low, high), the values of black and white, such as (0, 1), "
            f"(-1, 1) or (0, 255); got {value_range!r}."
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
    """The ranges in which some images are reconstructed clearly best; else what layers tell."""
    told = None if given == POSITIVE else (taken or given or OURS, given or OURS)
    pairs, images = _candidates(told, given), _probes(tuple(encoder.input_shape[1:]))
    if told and _error(_made(encoder, decoder, images, told[0]), told[1], images) < GOOD:
        return told
    made = {each: _made(encoder, decoder, images, each) for each, _ in pairs}
    errors = {pair: _error(made[pair[0]], pair[1], images) for pair in pairs}
    best = min(pairs, key=lambda pair: errors[pair] * (1 if pair[0] == pair[1] else MIXED))
    if errors[best] < NEAR and (told is None or errors[best] < NEARER * errors[told]):
        return best
    if given in (None, POSITIVE):
        _check_values(made[taken or OURS], given)
    return told


def _candidates(told, given):
    """The pairs of ranges to try, the likeliest first: what layers tell, then two alike."""
    inside = [each for each in KNOWN if given is None or _holds(given, each)]
    alike = [(each, each) for each in inside]
    mixed = [(one, other) for other in inside for one in KNOWN]
    return list(dict.fromkeys([told, *alike, *mixed] if told else [*alike, *mixed]))


def _check_values(made, given):
    """Refuses values that images in [-1, 1] do not have, of a decoder whose layers tell nothing."""
    lowest, highest = np.quantile(made, (0.01, 0.99))
    if given == POSITIVE or highest > LARGE or lowest > -0.05 and highest > 0.3:
        raise ValueError(
            f"The decoder gives values from {lowest:.3g} to {highest:.3g}, where m2m_tf's images "
            "are in [-1, 1], and reconstructs some images in no usual range. Say what its images "
            "hold: Autoencoder(encoder, decoder, value_range=(0, 1)), or (0, 255), or (-1, 1)."
        )


def _were_brought(encoder, decoder):
    return FIRST in (each.name for each in encoder.layers) or LAST in (
        each.name for each in decoder.layers
    )


def _probes(shape):
    """Images that come with the package and their negatives, float32 `(4, n, *shape)`."""
    count = max(1, min(FEW, MANY // math.prod(shape[:2])))
    kinds = [_probe(source, count, shape) for source in PROBES]
    return np.stack([sign * each for each in kinds for sign in (1, -1)])


@functools.cache
def _shipped(source):
    return data.load(source).numpy(FEW)


def _probe(source, count, shape):
    images = _shipped(source)[:count]
    channels = {1: images.mean(axis=-1, keepdims=True), 3: images + np.zeros(3, "float32")}
    resized = keras.ops.image.resize(
        channels[shape[-1]], shape[:2], antialias=True, data_format="channels_last"
    )
    return np.clip(np.asarray(resized), -1, 1)


def _made(encoder, decoder, images, taken):
    """What a pair makes of images that are placed in a range, of their shape."""
    inside = _placed(images.reshape(-1, *images.shape[2:]), taken)
    made = decoder(encoder(inside, training=False), training=False)
    return np.asarray(made, "float64").reshape(images.shape)


def _error(made, given, images):
    """The error of the kind that is reconstructed best, over the variance of its images."""
    low, high = given
    back = (made - low) / (high - low) * 2 - 1
    errors = np.mean((back - images) ** 2, axis=(1, 2, 3, 4)) / np.var(images, axis=(1, 2, 3, 4))
    return float(np.nan_to_num(errors, nan=math.inf).min())


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
