"""Standardised codes as a few numbers: the widest principal axes of a target's codes."""

import math

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.codes.decoder_metric import WIDEST, mean_pullback
from m2m_tf.codes.widest_axes import widest_axes

SHARE = 0.9999  # of the codes' variance, which the axes hold: what is narrow is plain to see, too
MOST, LEAST = 2048, 16
MOST_OF_WIDE, LARGEST = 512, 1 << 26  # wide codes may have 512 axes, or more of 2^26 values in all
CHUNK = 1 << 27  # bytes of codes that are measured at once


@keras.saving.register_keras_serializable(package="m2m_tf")
class PrincipalAxes(keras.layers.Layer):
    """Maps codes of any width to their places along K axes, and back.

    A small step in a code moves the image by the decoder's Jacobian J. With M the mean of JᵀJ over
    the target's codes, the axes are the widest principal ones of `(code - mean) M^(1/2)`, and
    places along them are divided by one number, so that their mean square is 1: distances are those
    of images, as far as the axes hold them. What lies across the axes is uncorrelated with what
    lies along them, so that its best linear prediction, which `restore` puts there, is its mean.
    Of vectors of 1,024 values at most M is whole; of maps it is one block for the channels, the
    mean over places.

    The cost of a mind no longer depends on the code: 64 numbers stand for images of any size.
    The axes are kept in float16.

    Args:
        code_shape: `(dim,)` or `(height, width, channels)`.
        count: K; None lets `set_count` or `adapt` choose it from the codes.

    Example:

    ```python
    axes = PrincipalAxes((8, 8, 32), count=64)
    axes.adapt(codes, autoencoder.decoder)  # (n, 8, 8, 32)
    standardised = axes.standardise(codes)  # (n, 64), widest axis first
    codes = axes.restore(standardised)      # (n, 8, 8, 32)
    ```
    """

    kind = "axes"

    def __init__(self, code_shape, count=None, **kwargs):
        super().__init__(**{**kwargs, "trainable": False})
        self.code_shape = tuple(code_shape)
        self.count, self._measured = None, None
        if count is not None:
            self.set_count(count)

    def choose_count(self, codes, decoder, seed=0):
        """How many axes the codes want; what is measured for it serves the next `adapt`."""
        object.__setattr__(self, "_measured", (codes, decoder, Measured(codes, decoder, seed)))
        return self._measured[-1].choose_count()

    def set_count(self, count):
        """Sets the number of axes, once: the weights have their shapes from then on."""
        dim, block = math.prod(self.code_shape), block_width(self.code_shape)
        self.count = int(count)
        add = self.add_weight
        self.mean = add(shape=(dim,), initializer="zeros", name="mean")
        self.root = add(shape=(block, block), initializer="identity", name="root")
        self.inverse = add(shape=(block, block), initializer="identity", name="inverse")
        self.scale = add(shape=(), initializer="ones", name="scale")
        # Of length sqrt(dim), as float16 is coarse near 0.
        self.axes = add(shape=(self.count, dim), initializer="zeros", name="axes", dtype="float16")
        self.built = True

    @property
    def standard_shape(self):
        """The shape of a standardised code, `(K,)`."""
        return (self.count,)

    def adapt(self, codes, decoder, seed=0):
        """Measures the codes, a float array `(n, *code_shape)`, and the decoder around them."""
        if self.count is None:
            self.set_count(self.choose_count(codes, decoder, seed))
        measured = self._measured_of(codes, decoder, seed)
        if len(measured.axes) < self.count:
            raise ValueError(
                f"{self.count} axes are more than {measured.codes:,} codes support: "
                f"{len(measured.axes)} at most. Give fewer axes, or more images."
            )
        axes, variances = measured.axes[: self.count], measured.variances[: self.count]
        scale = math.sqrt(variances.mean()) or 1.0  # constant codes: any scale does
        self.mean.assign(measured.mean)
        self.root.assign(measured.root)
        self.inverse.assign(np.linalg.inv(measured.root))
        self.scale.assign(scale)
        self.axes.assign(axes * math.sqrt(axes.shape[1]))

    def _measured_of(self, codes, decoder, seed):
        known = self._measured
        object.__setattr__(self, "_measured", None)  # not tracked, and it holds the codes
        if known and known[0] is codes and known[1] is decoder:
            return known[-1]
        return Measured(codes, decoder, seed)

    def standardise(self, codes):
        """Codes to their places along the axes: float32 `(n, K)`."""
        return self.constant()(codes)

    def constant(self):
        """`standardise` as a function without variables, for an input pipeline."""
        mean, root, scale = self.mean.numpy(), self.root.numpy(), self.scale.numpy()
        axes = self.axes.numpy().astype("float32").T / (scale * math.sqrt(len(mean)))

        def standardise(codes):
            flat = tf.reshape(tf.convert_to_tensor(codes, "float32"), (-1, len(mean))) - mean
            return tf.matmul(_by_blocks(flat, root), axes)

        return standardise

    def restore(self, standardised):
        """Places along the axes `(n, K)` to codes `(n, *code_shape)`."""
        axes = tf.cast(self.axes, "float32") * (self.scale / math.sqrt(self.axes.shape[1]))
        flat = tf.matmul(tf.convert_to_tensor(standardised, "float32"), axes)
        return tf.reshape(_by_blocks(flat, self.inverse) + self.mean, (-1, *self.code_shape))

    def call(self, standardised):
        return self.restore(standardised)

    def get_config(self):
        return {**super().get_config(), "code_shape": self.code_shape, "count": self.count}


class Measured:
    """What is measured of codes: the decoder's metric and the widest axes in it.

    Args:
        codes: float array `(n, *code_shape)`, or a `CodeStore`'s, read in chunks.
        decoder: A `keras.Model`, codes to images.
        seed: Seed of the probes of the decoder.

    Attributes:
        mean: Of the codes, `(dim,)`.
        root: The root of the metric, `(dim, dim)`; of maps `(channels, channels)`.
        axes: Orthonormal rows, widest first, `(2048 at most, dim)`; see `most_axes`.
        variances: Of the codes along them, in the metric.
        total: The variance of the codes in the metric, over all axes.
    """

    def __init__(self, codes, decoder, seed=0):
        block = block_width(codes.shape[1:])
        metric = mean_pullback(decoder, codes, seed, block)
        values, vectors = np.linalg.eigh(metric)
        self.root = ((vectors * np.sqrt(values)) @ vectors.T).astype("float32")
        self.codes = len(codes)
        most = most_axes(math.prod(codes.shape[1:]))
        self.mean, self.axes, self.variances, self.total = widest_axes(
            codes, lambda flat: _by_blocks(flat, self.root), most, CHUNK
        )

    @property
    def shares(self):
        """The share of the variance in the first 1, 2, ... axes."""
        return np.cumsum(self.variances) / (self.total or 1.0)

    def choose_count(self):
        """As many axes as hold 0.9999 of the variance, 16 at least where codes support them."""
        enough = int(np.searchsorted(self.shares, SHARE)) + 1
        return min(max(LEAST, enough), len(self.axes))


def most_axes(dim):
    """How many axes codes of `dim` values may have: 2,048, of wide ones 512, as each is as wide."""
    return min(MOST, max(MOST_OF_WIDE, LARGEST // dim))


def block_width(code_shape):
    """Values that the metric mixes: all of a short vector, the channels of a map, else none."""
    dim = math.prod(code_shape)
    if len(code_shape) == 3:
        return code_shape[-1]
    return dim if dim <= WIDEST else 1


def _by_blocks(flat, matrix):
    """Multiplies each block of flat codes `(n, dim)` by a matrix `(block, block)`."""
    multiply = np.matmul if isinstance(flat, np.ndarray) else tf.matmul
    reshape = np.reshape if isinstance(flat, np.ndarray) else tf.reshape
    blocks = reshape(flat, (-1, matrix.shape[0]))
    return reshape(multiply(blocks, matrix), (-1, flat.shape[1]))
