"""The decoder's metric: codes measured by what they change in the image."""

import hashlib
import math
import weakref

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.codes.moments import Moments

WIDEST = 1024  # code values: wider codes would need a matrix too large
PROBES = 4096
LEAST_PROBES = 256
LEAST_PROBES_OF_BLOCKS = 16  # each is a draw for every place of a map
PIXELS = 1 << 24  # probes are fewer where images are large, as each costs a pass of the decoder
BATCH_SIZE, BATCH_PIXELS = 256, 1 << 22  # at most, as a pass back keeps every layer's output
_PRODUCTS = weakref.WeakKeyDictionary()  # of a decoder: many minds are measured with one
_PULLBACKS = weakref.WeakKeyDictionary()  # of a decoder: the last ones, by what they are of
REMEMBERED = 4  # pullbacks of a decoder
HASHED = 1 << 24  # bytes of codes that are known again, at most
CHUNK = 4096  # codes that are measured at once: those on disk may be more than memory holds


@keras.saving.register_keras_serializable(package="m2m_tf")
class DecoderMetric(keras.layers.Layer):
    """Maps codes to standardised codes whose distances are those of their images, and back.

    A small step in a code moves the image by the decoder's Jacobian J, so by the length
    `sqrt(stepᵀ JᵀJ step)`. With M the mean of JᵀJ over the target's codes, a standardised code is
    `(code - mean) M^(1/2)`, turned to its principal axes, widest first, and divided by one number,
    so that the mean square of its values is 1. The critic, whose slope is held to 1, then measures
    codes as images are measured: the factor Lip(g) of the theorem's bound is near one number.

    The numbers are weights, so they are saved and exported with the model that uses them.

    Args:
        code_shape: `(dim,)` or `(height, width, channels)`, 1,024 values at most.

    Raises:
        ValueError: If codes are wider.

    Example:

    ```python
    metric = DecoderMetric((64,))
    metric.adapt(codes, autoencoder.decoder)  # (n, 64)
    standardised = metric.standardise(codes)  # (n, 64), widest axis first
    codes = metric.restore(standardised)
    ```
    """

    kind = "decoder"

    def __init__(self, code_shape, **kwargs):
        super().__init__(**{**kwargs, "trainable": False})
        self.code_shape = tuple(code_shape)
        dim = math.prod(self.code_shape)
        if dim > WIDEST:
            raise ValueError(
                f"The decoder's metric is a matrix for codes of {WIDEST:,} values at most; codes "
                f"{self.code_shape} have {dim:,}. Use standardise='scale'."
            )
        self.mean = self.add_weight(shape=(dim,), initializer="zeros", name="mean")
        self.forward = self.add_weight(shape=(dim, dim), initializer="identity", name="forward")
        self.backward = self.add_weight(shape=(dim, dim), initializer="identity", name="backward")
        self.built = True

    def adapt(self, codes, decoder, seed=0):
        """Measures the codes, a float array `(n, *code_shape)`, and the decoder around them."""
        moments = _moments(codes)
        root = _square_root(mean_pullback(decoder, codes, seed))
        variances, axes = np.linalg.eigh(root @ moments.covariance @ root)
        scale = math.sqrt(variances.mean()) or 1.0  # constant codes: any scale does
        axes = axes[:, ::-1]
        self.mean.assign(moments.mean)
        self.forward.assign(root @ axes / scale)
        self.backward.assign(scale * axes.T @ np.linalg.inv(root))

    @property
    def standard_shape(self):
        """The shape of a standardised code: that of a code."""
        return self.code_shape

    def standardise(self, codes):
        """Codes to standardised codes, of the same shape."""
        return self._flat(lambda flat: tf.matmul(flat - self.mean, self.forward), codes)

    def constant(self):
        """`standardise` as a function without variables, for an input pipeline."""
        mean, forward = self.mean.numpy(), self.forward.numpy()
        return lambda codes: self._flat(lambda flat: tf.matmul(flat - mean, forward), codes)

    def restore(self, standardised):
        """Standardised codes to codes, of the same shape."""
        return self._flat(lambda flat: tf.matmul(flat, self.backward) + self.mean, standardised)

    def _flat(self, function, codes):
        codes = tf.convert_to_tensor(codes, "float32")
        dim = math.prod(self.code_shape)
        return tf.reshape(function(tf.reshape(codes, (-1, dim))), (-1, *self.code_shape))

    def call(self, standardised):
        return self.restore(standardised)

    def get_config(self):
        return {**super().get_config(), "code_shape": self.code_shape}


def _moments(codes):
    """`Moments` of flat codes, in float64 and in one pass."""
    moments = Moments()
    for start in range(0, len(codes), CHUNK):
        part = np.asarray(codes[start : start + CHUNK], "float64")
        moments.add(part.reshape(len(part), -1))
    return moments


def mean_pullback(decoder, codes, seed=0, block=None):
    """Estimates the mean over codes of JᵀJ, J the decoder's Jacobian.

    For signs v drawn at random, `Jᵀv (Jᵀv)ᵀ` has the mean JᵀJ (Hutchinson 1989, "A stochastic
    estimator of the trace of the influence matrix", for all entries). The estimate is drawn
    towards a multiple of the identity, the more the fewer the draws are for so many values, so it
    has an inverse. Several minds on the same codes are given the same estimate, measured once.

    Args:
        decoder: A `keras.Model`, codes to images.
        codes: float array `(n, *code_shape)`.
        seed: Seed of the codes and signs that are drawn.
        block: Values of a block on the diagonal; the mean is over the blocks too, as over the
            places of a map for its channels. None is one block, the whole.

    Returns:
        float64 array `(block, block)`, symmetric and positive definite. The identity where the
        decoder has no gradient.
    """
    dim, pixels = math.prod(codes.shape[1:]), math.prod(decoder.output_shape[1:])
    block = block or dim
    probes = _count_probes(dim // block, pixels)
    if codes.nbytes > HASHED:
        return _measured_pullback(decoder, codes, seed, block, probes)
    known = _PULLBACKS.setdefault(decoder, {})
    key = (_digest(codes[:], *decoder.get_weights()), seed, block, probes)
    if key not in known:
        known[key] = _measured_pullback(decoder, codes, seed, block, probes)
        for oldest in list(known)[:-REMEMBERED]:
            del known[oldest]
    return known[key].copy()


def _digest(*arrays):
    """The sha256 of arrays."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8))
    return digest.digest()


def _measured_pullback(decoder, codes, seed, block, probes):
    rng, pixels = np.random.default_rng(seed), math.prod(decoder.output_shape[1:])
    total, done = np.zeros((block, block)), 0
    product = _transposed_product(decoder)
    batch_size = int(np.clip(BATCH_PIXELS // pixels, 1, BATCH_SIZE))
    while done < probes:
        rows = np.sort(rng.integers(0, len(codes), min(batch_size, probes - done)))
        drawn = tf.constant(codes[rows], tf.float32)
        signs = rng.choice(np.float32([-1, 1]), (len(rows), *decoder.output_shape[1:]))
        gradients = product(drawn, signs)
        if gradients is None:
            return np.eye(block)
        flat = gradients.numpy().reshape(-1, block).astype("float64")
        total += flat.T @ flat
        done += len(rows)
    draws = probes * (math.prod(codes.shape[1:]) // block)
    return _shrunk(total / draws, block / (block + draws))


def _count_probes(blocks, pixels):
    least = LEAST_PROBES if blocks == 1 else LEAST_PROBES_OF_BLOCKS
    return int(np.clip(PIXELS // pixels, least, max(least, PROBES // blocks)))


def _transposed_product(decoder):
    """The function `(codes, v) -> Jᵀv`, compiled once for a decoder.

    It gives None where the decoder has no gradient.
    """
    if decoder not in _PRODUCTS:
        _PRODUCTS[decoder] = _compiled_product(weakref.ref(decoder))
    return _PRODUCTS[decoder]


def _compiled_product(decoder):
    @tf.function(reduce_retracing=True)
    def product(codes, signs):
        with tf.GradientTape() as tape:
            tape.watch(codes)
            products = tf.reduce_sum(decoder()(codes, training=False) * signs)
        return tape.gradient(products, codes)

    return product


def _shrunk(matrix, share):
    dim = len(matrix)
    level = np.trace(matrix) / dim or 1.0  # a decoder that heeds no code: any level does
    return (1 - share) * matrix + share * level * np.eye(dim)


def _square_root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values)) @ vectors.T
