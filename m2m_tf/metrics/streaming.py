"""The Fréchet and the kernel distance as Keras metrics, batch after batch."""

import keras
import tensorflow as tf

from m2m_tf.checks import check_whole


@keras.saving.register_keras_serializable(package="m2m_tf")
class FrechetDistance(keras.metrics.Metric):
    """The Fréchet distance of all the features seen since the last reset.

    Keeps counts, sums and sums of products in float64, so that memory does not grow and replicas
    add up. Equals `frechet_distance` of the whole sets, except that half the digits of a
    covariance's smallest eigenvalues are lost on the way. `result` takes time of the order of
    `num_features³`: between epochs rather than in every step.

    Source: as `frechet_distance`.

    Args:
        num_features: Features a sample.
        name: The metric's name.

    Raises:
        ValueError: If `num_features` is no whole number of 1 or more.

    Example:

    ```python
    metric = FrechetDistance(num_features=8)
    real, generated = keras.random.normal((2, 100, 8), seed=0)
    metric.update_state(real, generated)
    float(metric.result())
    ```
    """

    def __init__(self, num_features, name="frechet_distance", dtype="float64"):
        check_whole("num_features", num_features)
        super().__init__(name=name, dtype=_double(dtype))
        self.num_features = num_features
        self.real = self._add_side("real")
        self.generated = self._add_side("generated")

    def update_state(self, real_features, generated_features, sample_weight=None):
        """Adds a batch of each side; the two may differ in size.

        Args:
            real_features, generated_features: `(n, num_features)`, finite: a NaN stays in.
            sample_weight: Not taken; every sample counts the same.
        """
        _refuse_weights(sample_weight)
        for features, side in ((real_features, self.real), (generated_features, self.generated)):
            features = _checked(features, self.num_features)
            count, total, products = side
            count.assign_add(tf.cast(tf.shape(features)[0], "float64"))
            total.assign_add(tf.reduce_sum(features, axis=0))
            products.assign_add(tf.linalg.matmul(features, features, transpose_a=True))

    def result(self):
        """The distance, a float64 scalar; NaN before both sides have 2 samples."""
        real_mean, real_covariance = _moments(*self.real)
        generated_mean, generated_covariance = _moments(*self.generated)
        shift = real_mean - generated_mean
        traces = tf.linalg.trace(real_covariance) + tf.linalg.trace(generated_covariance)
        root = _trace_of_root(real_covariance, generated_covariance)
        distance = tf.reduce_sum(tf.square(shift)) + tf.maximum(traces - 2.0 * root, 0.0)
        enough = tf.minimum(self.real[0].value, self.generated[0].value) >= 2.0
        return tf.where(enough, distance, float("nan"))

    def get_config(self):
        return {**super().get_config(), "num_features": self.num_features}

    def _add_side(self, side):
        shapes = {"count": (), "sum": (self.num_features,), "products": (self.num_features,) * 2}
        return [
            self.add_variable(shape, "zeros", dtype="float64", name=f"{side}_{name}")
            for name, shape in shapes.items()
        ]


@keras.saving.register_keras_serializable(package="m2m_tf")
class KernelDistance(keras.metrics.Metric):
    """The kernel distance, as the mean of the unbiased estimates of each update's batches.

    Every update counts the same and needs 2 samples or more of each side. The mean is unbiased
    whatever the batch size, but small batches make it noisy; one update with the whole sets gives
    `kernel_distance` of one subset that is the whole.

    Source: as `kernel_distance`.

    Args:
        num_features: Features a sample.
        name: The metric's name.

    Raises:
        ValueError: If `num_features` is no whole number of 1 or more.

    Example:

    ```python
    metric = KernelDistance(num_features=8)
    real, generated = keras.random.normal((2, 100, 8), seed=0)
    metric.update_state(real, generated)
    float(metric.result())
    ```
    """

    def __init__(self, num_features, name="kernel_distance", dtype="float64"):
        check_whole("num_features", num_features)
        super().__init__(name=name, dtype=_double(dtype))
        self.num_features = num_features
        self.total = self.add_variable((), "zeros", dtype="float64", name="total")
        self.updates = self.add_variable((), "zeros", dtype="float64", name="updates")

    def update_state(self, real_features, generated_features, sample_weight=None):
        """Adds the estimate of one batch of each side; the two may differ in size.

        Args:
            real_features, generated_features: `(n, num_features)`, n of 2 or more, finite.
            sample_weight: Not taken; every sample counts the same.
        """
        _refuse_weights(sample_weight)
        real = _checked(real_features, self.num_features, at_least=2)
        generated = _checked(generated_features, self.num_features, at_least=2)
        within = _mean_of_others(real) + _mean_of_others(generated)
        self.total.assign_add(within - 2.0 * tf.reduce_mean(_kernel(real, generated)))
        self.updates.assign_add(1.0)

    def result(self):
        """The mean estimate, a float64 scalar; NaN before the first update."""
        return self.total.value / self.updates.value

    def get_config(self):
        return {**super().get_config(), "num_features": self.num_features}


def _moments(count, total, products):
    """Mean and covariance."""
    count, total, products = count.value, total.value, products.value
    mean = total / tf.maximum(count, 1.0)
    scatter = products - count * mean[:, None] * mean[None, :]
    return mean, scatter / tf.maximum(count - 1.0, 1.0)


def _trace_of_root(first, second):
    """The trace of the root of the product of two covariances."""
    values, vectors = tf.linalg.eigh(first)
    least = first.shape[0] * 2.0**-52 * _largest(first)  # roots of rounding would count
    factor = vectors * tf.sqrt(tf.where(values > least, values, 0.0))
    inner = tf.linalg.matmul(factor, second @ factor, transpose_a=True)
    values = tf.linalg.eigvalsh(inner)
    return tf.reduce_sum(tf.sqrt(tf.where(values > least * _largest(second), values, 0.0)))


def _largest(covariance):
    return tf.reduce_max(tf.linalg.diag_part(covariance))


def _kernel(first, second):
    return (tf.linalg.matmul(first, second, transpose_b=True) / first.shape[1] + 1.0) ** 3


def _mean_of_others(features):
    """The mean of the kernel over pairs of different samples of one side."""
    kernel = _kernel(features, features)
    count = tf.cast(tf.shape(features)[0], "float64")
    return (tf.reduce_sum(kernel) - tf.linalg.trace(kernel)) / (count * (count - 1.0))


def _checked(features, num_features, at_least=0):
    """A batch as a float64 tensor; what is known of its shape is checked."""
    features = tf.cast(tf.convert_to_tensor(features), "float64")
    shape = features.shape
    if shape.rank != 2 or shape[1] != num_features:
        raise ValueError(
            f"This metric was made for features (n, {num_features}); got {tuple(shape)}. Flatten "
            "each sample, or give num_features as the extractor has it."
        )
    if shape[0] is not None and shape[0] < at_least:
        raise ValueError(
            f"An unbiased kernel distance needs at least {at_least} samples a side in every "
            f"update; got {shape[0]}. Drop the last, ragged batch."
        )
    return features


def _double(dtype):
    """Only float64 holds the digits that a covariance loses."""
    if dtype not in (None, "float64"):
        raise ValueError(f"This metric works in float64; got dtype {dtype!r}. Leave dtype out.")
    return "float64"


def _refuse_weights(sample_weight):
    if sample_weight is not None:
        raise ValueError("This metric takes no sample_weight: every sample counts the same.")
