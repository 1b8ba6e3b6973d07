"""The mean and the scale of codes: what makes any code fit a mind without a range set by hand."""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.codes.moments import Moments

CHUNK = 4096  # codes that are measured at once: those on disk may be more than memory holds
LEAST_SCALE = 1e-3  # of the widest: a code value that hardly varies is not blown up


@keras.saving.register_keras_serializable(package="m2m_tf")
class CodeStatistics(keras.layers.Layer):
    """Maps codes to standardised codes of mean 0 and deviation 1, and back.

    The numbers are weights, so they are saved and exported with the model that uses them.

    Args:
        code_shape: `(dim,)` or `(height, width, channels)`.

    Example:

    ```python
    statistics = CodeStatistics((256,))
    statistics.adapt(codes)                       # (n, 256)
    standardised = statistics.standardise(codes)  # (n, 256), mean 0, deviation 1
    codes = statistics.restore(standardised)
    ```
    """

    kind = "scale"

    def __init__(self, code_shape, **kwargs):
        super().__init__(**{**kwargs, "trainable": False})
        self.code_shape = tuple(code_shape)
        self.mean = self.add_weight(shape=self.code_shape, initializer="zeros", name="mean")
        self.scale = self.add_weight(shape=self.code_shape, initializer="ones", name="scale")
        self.built = True

    def adapt(self, codes, decoder=None):
        """Measures the codes, a float array `(n, *code_shape)`, in float64 and in one pass.

        The decoder has no part in it: it is there for `DecoderMetric`, which stands in its place.
        """
        moments = Moments(diagonal=True)
        for start in range(0, len(codes), CHUNK):
            moments.add(np.asarray(codes[start : start + CHUNK], "float64"))
        scale = np.sqrt(moments.variance)
        widest = scale.max() or 1.0  # constant codes: any scale does
        self.mean.assign(moments.mean)
        self.scale.assign(np.maximum(scale, LEAST_SCALE * widest))

    @property
    def standard_shape(self):
        """The shape of a standardised code: that of a code."""
        return self.code_shape

    def standardise(self, codes):
        """Codes to standardised codes, of the same shape."""
        return (tf.convert_to_tensor(codes, "float32") - self.mean) / self.scale

    def constant(self):
        """`standardise` as a function without variables, for an input pipeline."""
        mean, scale = self.mean.numpy(), self.scale.numpy()
        return lambda codes: (codes - mean) / scale

    def restore(self, standardised):
        """Standardised codes to codes, of the same shape."""
        return tf.convert_to_tensor(standardised, "float32") * self.scale + self.mean

    def call(self, standardised):
        return self.restore(standardised)

    def get_config(self):
        return {**super().get_config(), "code_shape": self.code_shape}
