"""Lipschitz constants of networks: a lower estimate from points, an upper bound from layers."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.checks import check_whole
from m2m_tf.one_thread import one_thread
from m2m_tf.theory.checks import check_points
from m2m_tf.theory.graph import forces_training, has_graph, producer
from m2m_tf.theory.layer_norms import NoBound, layer_norm
from m2m_tf.theory.matching import distances

STEP = 0.01  # of a point's norm: small beside the data, large beside float32's rounding
ROUNDING = 2.0**-22  # of an output's norm
VALUES = 1 << 21  # of inputs or outputs in one batch


@dataclass(frozen=True)
class LipschitzEstimate:
    """A Lipschitz constant for Euclidean norms, and what is known of it.

    Attributes:
        value: A float, or None where nothing is known.
        kind: `"lower"`: the constant is at least `value`; `"upper"`: at most.
        how: One sentence: how it was found, or why not.
    """

    value: float | None
    kind: str
    how: str


def lower_lipschitz(function, points, iterations=20, limit=64, seed=0):
    """Estimates a Lipschitz constant from below.

    At each point, power iteration looks for the direction in which the function stretches most:
    the step forward is a difference quotient, the step back its gradient. The value is the largest
    quotient `|f(y) - f(z)| / |y - z|` met, over pairs of the points too, less float32's rounding:
    a lower bound, whatever the directions are worth, and no upper one.

    Source: power iteration on the Jacobian, Virmaux and Scaman, arXiv 1805.10965, section 3.

    Args:
        function: A `keras.Model`, or a callable from a float32 tensor `(n, ...)` to another; each
            row by itself.
        points: float array `(n, ...)`, finite, two or more.
        iterations: Steps of the power iteration, 1 or more.
        limit: Most points used, drawn at random where there are more; 2 or more.
        seed: Seed of the draw and of the first directions.

    Returns:
        A `LipschitzEstimate` of kind `"lower"`.

    Raises:
        ValueError: If the points hold a NaN or are fewer than two, or the function gives a value
            that is not finite.

    Example:

    ```python
    estimate = lower_lipschitz(autoencoder.decoder, codes)
    ```
    """
    check_whole("iterations", iterations)
    check_whole("limit", limit, at_least=2)
    points = check_points(points, "points").astype("float32", copy=False)
    random = np.random.default_rng(seed)
    points = points[random.permutation(len(points))[:limit]]
    step = max(1, VALUES // _largest_size(function, points))
    function = _at_inference(function)
    batches = [points[start : start + step] for start in range(0, len(points), step)]
    slope = max(_steepest(function, batch, iterations, random) for batch in batches)
    secant = _secant(points, np.concatenate([function(tf.constant(b)).numpy() for b in batches]))
    how = f"largest of the slopes found by {iterations} power iterations at {len(points)} points"
    how += f" ({slope:.4g}) and between pairs of them ({secant:.4g})"
    return LipschitzEstimate(max(slope, secant), "lower", how)


def upper_lipschitz(model):
    """Bounds a Lipschitz constant from above by the norms of the model's layers.

    Layers in a row multiply, added paths add, concatenated paths add as squares. The bound is
    rigorous and loose: it grows with depth, as no two layers stretch the same direction most.

    Source: Szegedy et al., arXiv 1312.6199, section 4.3; the layers' norms are in docs/theory.md.

    Args:
        model: A functional or sequential `keras.Model` of one input and one output; nested ones
            too. Or a `m2m.Autoencoder`: encoder times decoder.

    Returns:
        A `LipschitzEstimate` of kind `"upper"`; its value is None where a layer has no known
        bound, and `how` names it.

    Raises:
        ValueError: If it is no Keras model.

    Example:

    ```python
    estimate = upper_lipschitz(autoencoder.decoder)
    print(estimate.value, estimate.how)
    ```
    """
    if not isinstance(model, keras.Model):
        raise ValueError(f"upper_lipschitz expects a keras.Model; got {model!r}.")
    try:
        with one_thread():  # many small products: threads wait for each other
            value = float(_model_norm(model))
    except NoBound as reason:
        return LipschitzEstimate(None, "upper", str(reason))
    return LipschitzEstimate(value, "upper", "product of the layers' norms, sum over added paths")


def _at_inference(function):
    if isinstance(function, keras.Model):
        return lambda points: function(points, training=False)
    return function


def _largest_size(function, points):
    """Values of one input or one output, whichever has more."""
    if isinstance(function, keras.Model) and hasattr(function, "output_shape"):
        return max(points[0].size, int(np.prod(function.output_shape[1:])))
    return max(points[0].size, int(tf.size(function(tf.constant(points[:1])))))


def _steepest(function, points, iterations, random):
    """The largest difference quotient around the points, by power iteration."""
    norms = _row_norms(points)
    steps = STEP * np.where(norms > 0, norms, 1.0)
    steps = steps.reshape(-1, *[1] * (points.ndim - 1)).astype("float32")
    directions = _unit(random.normal(size=points.shape).astype("float32"))
    largest = 0.0
    for _ in range(iterations):
        ahead, behind = points + steps * directions, points - steps * directions
        with tf.GradientTape() as tape:
            ends = tf.constant(np.concatenate([ahead, behind]))
            tape.watch(ends)
            outputs = function(ends)
        front, back = np.split(outputs.numpy(), 2)
        largest = max(largest, _quotients(front, back, distances(ahead, behind)).max())
        rise = _unit(front - back)
        pulled = tape.gradient(outputs, ends, output_gradients=np.concatenate([rise, rise]))
        if pulled is None:  # the function is constant, or has no gradient
            break
        directions = _unit(sum(np.split(pulled.numpy(), 2)), otherwise=directions)
    return float(largest)


def _secant(points, outputs):
    """The largest difference quotient between two of the points."""
    largest = 0.0
    for shift in range(1, len(points) // 2 + 1):
        others, theirs = np.roll(points, shift, axis=0), np.roll(outputs, shift, axis=0)
        quotients = _quotients(outputs, theirs, distances(points, others))
        largest = max(largest, quotients.max())
    return float(largest)


def _quotients(outputs, others, apart):
    """`|outputs - others| / apart`, less what rounding may have added; 0 for equal points."""
    if not (np.isfinite(outputs).all() and np.isfinite(others).all()):
        raise ValueError(
            "lower_lipschitz expects a function that is finite at and around the points; got a NaN "
            "or an infinite value. Give points of the range that the function was made for."
        )
    rounding = ROUNDING * (_row_norms(outputs) + _row_norms(others))
    rise = np.maximum(distances(outputs, others) - rounding, 0)
    return np.divide(rise, apart, out=np.zeros_like(rise), where=apart > 0)


def _row_norms(values):
    return distances(values, np.zeros((1, *values.shape[1:]), "float32").repeat(len(values), 0))


def _unit(values, otherwise=None):
    """Rows of norm 1; rows of zeros stay, or are taken from `otherwise`."""
    norms = _row_norms(values).reshape(-1, *[1] * (values.ndim - 1))
    unit = (values / np.where(norms > 0, norms, 1)).astype("float32")
    return unit if otherwise is None else np.where(norms > 0, unit, otherwise)


def _model_norm(model):
    if isinstance(model, Autoencoder):
        return _model_norm(model.encoder) * _model_norm(model.decoder)
    if not has_graph(model):
        raise NoBound(f"'{model.name}' is no functional model of one input and one output")
    norms = {id(model.inputs[0]): 1.0}
    waiting = [model.outputs[0]]
    while waiting:  # a tensor's norm is found after those of the tensors it is made from
        tensor = waiting[-1]
        missing = [t for t in _sources(tensor, norms) if id(t) not in norms]
        if missing:
            waiting += missing
        else:
            norms.setdefault(id(tensor), _tensor_norm(tensor, norms))
            waiting.pop()
    return norms[id(model.outputs[0])]


def _sources(tensor, norms):
    return () if id(tensor) in norms else producer(tensor)[1]


def _tensor_norm(tensor, norms):
    if id(tensor) in norms:
        return norms[id(tensor)]
    operation, tensors = producer(tensor)
    incoming = [norms[id(t)] for t in tensors]
    if forces_training(tensor):
        raise NoBound(f"layer '{operation.name}' is called with training=True")
    if isinstance(operation, keras.Model) and len(incoming) == 1:
        return incoming[0] * _model_norm(operation)
    try:
        shapes = [tuple(t.shape[1:]) for t in tensors]
        return layer_norm(operation, incoming, shapes, tuple(tensor.shape[1:]))
    except NoBound as reason:
        raise NoBound(f"layer '{operation.name}': {reason}") from None
