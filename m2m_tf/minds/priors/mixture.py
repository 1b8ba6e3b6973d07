"""The mixture prior: latents drawn from a mixture of Gaussians that is fitted to the codes."""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.codes.gaussian_mixture import COUNT
from m2m_tf.minds.priors.fit_mixture import AXES, COMPONENTS, fit_mixture
from m2m_tf.minds.priors.simple import sample_normal

UNUSED = -1e9  # log weight of a component that is not there
LEAST_PLACE = 1e-12  # above the weights, 1e-30 each, of components that a class does not have


@keras.saving.register_keras_serializable(package="m2m_tf")
class MixturePrior(keras.layers.Layer):
    """A mixture of Gaussians on flat standardised codes: `mean + (e L) A`.

    The law of vectors in earlier versions, and what `MapMixturePrior` shares with it. Each
    component has a mean in all values of the code and a covariance `LᵀL` along the codes' widest
    axes A, 64 at most; what lies outside them is independent noise. A draw starts from
    normal noise: its first value chooses the component, the next ones are e. With classes, each
    class has weights of its own on the same components.

    Args:
        dim: Values of a code, which is also the length of the latent.
        classes: Number of classes; 0 for none.

    Example:

    ```python
    prior = MixturePrior(64)
    prior.adapt(store, statistics.standardise)  # codes (n, 64)
    noise = prior.draw((8, prior.noise_dim), seed=[0, 0])
    latent = prior.latent_of(noise)  # (8, 64)
    ```
    """

    def __init__(self, dim, classes=0, **kwargs):
        super().__init__(**{**kwargs, "trainable": False})
        self.dim, self.classes = dim, classes
        self.axes_count = min(dim, AXES)
        # The number of components is known only from the codes: those not there have no weight.
        self.log_weights = self._numbers("log_weights", np.zeros((max(1, classes), COMPONENTS)))
        self.means = self._numbers("means", np.zeros((COMPONENTS, dim)))
        self._make_shapes()
        self.built = True

    def _make_shapes(self):
        """The weights of the components' shapes; before the fit each component is N(0, I)."""
        axes = self.axes_count
        self.factors = self._numbers("factors", np.tile(np.eye(axes), (COMPONENTS, 1, 1)))
        self.axes = self._numbers("axes", np.eye(axes, self.dim))
        self.deviations = self._numbers("deviations", np.ones(self.dim))

    def _numbers(self, name, value):
        initializer = keras.initializers.Constant(value)
        return self.add_weight(shape=value.shape, initializer=initializer, name=name)

    @property
    def noise_dim(self):
        """Length of the noise that a latent is made of."""
        return 1 + self.axes_count + (self.dim if self.dim > self.axes_count else 0)

    @property
    def components_count(self):
        """The number of components that have a weight."""
        return int((self.log_weights.numpy() > UNUSED).any(axis=0).sum())

    def draw(self, shape, seed):
        """Draws normal noise."""
        return sample_normal(shape, seed)

    def adapt(self, store, standardise, seed=0):
        """Fits the mixture to standardised codes, 20,000 of them at most.

        Args:
            store: A `CodeStore`, with labels where there are classes.
            standardise: The function from codes to standardised codes.
            seed: Seed of the choice of codes and of the fit.
        """
        rows = np.random.default_rng(abs(seed)).permutation(store.count)[:COUNT]
        if self.classes:  # the rarest class has a code among them too
            rows = np.union1d(rows, np.unique(store.labels, return_index=True)[1])
        rows = np.sort(rows)
        codes = np.asarray(standardise(store.codes[rows]), "float32").reshape(len(rows), -1)
        labels = store.labels[rows] if self.classes else None
        self._fit(codes, labels, abs(seed) % 2**32)

    def _fit(self, codes, labels, seed):
        fitted = fit_mixture(codes, self.axes_count, seed)
        self._set_weights(self._take(fitted, codes, labels))

    def _take(self, fitted, codes, labels):
        """Takes the shapes of a fit; returns the weights `(max(1, classes), components)`."""
        self.means.assign(padded(fitted.means, COMPONENTS))
        self.factors.assign(padded(fitted.factors, COMPONENTS))
        self.axes.assign(fitted.axes)
        self.deviations.assign(fitted.deviations)
        return fitted.weights_of(codes, labels, self.classes)

    def _set_weights(self, weights):
        log_weights = np.full(self.log_weights.shape, UNUSED, "float32")
        log_weights[:, : weights.shape[1]] = np.log(np.maximum(weights, 1e-30))
        self.log_weights.assign(log_weights)

    def latent_of(self, noise, labels=None, truncation=1.0):
        """Latents float32 `(n, dim)` of normal noise `(n, noise_dim)` and, with classes, labels.

        The truncation, in [0, 1], shrinks a draw towards the mean of its component.
        """
        component = self._component(noise[:, 0], labels)
        return self._around(component, noise[:, 1:] * truncation)

    def _around(self, component, noise):
        """Draws of the components: `(n, dim)` of their numbers and of normal noise."""
        inside, outside = noise[:, : self.axes_count], noise[:, self.axes_count :]
        along = tf.einsum("ni,nij->nj", inside, tf.gather(self.factors, component))
        latent = tf.gather(self.means, component) + tf.matmul(along, self.axes)
        if self.axes_count == self.dim:
            return latent
        rest = outside * self.deviations
        return latent + rest - tf.matmul(tf.matmul(rest, self.axes, transpose_b=True), self.axes)

    def _component(self, noise, labels):
        """The component that a value of normal noise stands for."""
        place = 0.5 * (1.0 + tf.math.erf(noise / np.float32(np.sqrt(2))))
        bounds = tf.cumsum(tf.nn.softmax(self.log_weights), axis=1)
        bounds = tf.gather(bounds, tf.zeros_like(place, tf.int32) if labels is None else labels)
        # The weights' sum is 1 only up to rounding: no place lies past it, on a component without.
        place = tf.maximum(place, LEAST_PLACE)[:, None] * bounds[:, -1:]
        return tf.reduce_sum(tf.cast(place > bounds, tf.int32), axis=1)

    def get_config(self):
        return {**super().get_config(), "dim": self.dim, "classes": self.classes}


def padded(array, count):
    """The array, lengthened by zeros to `count` rows."""
    padding = np.zeros((count - len(array), *array.shape[1:]), array.dtype)
    return np.concatenate([array, padding])
