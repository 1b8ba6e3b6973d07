"""The mixture prior of code maps: Gaussians that are narrow in directions of their own."""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.minds.priors.fit_mixture import COMPONENTS
from m2m_tf.minds.priors.mixture import MixturePrior, padded

DIRECTIONS = 8  # of each component


@keras.saving.register_keras_serializable(package="m2m_tf")
class MapMixturePrior(MixturePrior):
    """A mixture of Gaussians on flat standardised maps: `mean + e D`.

    The components are those of `MixturePrior`. But a map has many values, and the codes of one
    component lie near a plane of their own in them: noise across it, as `MixturePrior` adds, is
    grain in the image. So each component has 8 directions D, the principal ones of its codes, as
    long as it takes for its variance to be that of its codes. Source: Tipping and Bishop, "Mixtures
    of probabilistic principal component analysers" (1999), without the noise.

    Args:
        dim: Values of a code, which is also the length of the latent.
        classes: Number of classes; 0 for none.

    Example:

    ```python
    prior = MapMixturePrior(1024)
    prior.adapt(store, statistics.standardise)  # codes (n, 8, 8, 16)
    noise = prior.draw((8, prior.noise_dim), seed=[0, 0])
    latent = prior.latent_of(noise)  # (8, 1024)
    ```
    """

    def _make_shapes(self):
        self.count = min(self.dim, DIRECTIONS)
        start = np.tile(np.eye(self.count, self.dim), (COMPONENTS, 1, 1))
        self.directions = self._numbers("directions", start)

    @property
    def noise_dim(self):
        """Length of the noise that a latent is made of."""
        return 1 + self.count

    def _set_shapes(self, fitted, codes):
        component = fitted.component_of(codes)
        means, directions = fitted.means.copy(), np.zeros((len(fitted.means), *self._shape))
        for number in np.unique(component):
            members = codes[component == number]
            means[number] = members.mean(axis=0)
            directions[number] = self._directions_of(members - means[number])
        self.means.assign(padded(means, COMPONENTS))
        self.directions.assign(padded(directions.astype("float32"), COMPONENTS))

    @property
    def _shape(self):
        return self.count, self.dim

    def _directions_of(self, centred):
        """The principal directions of some codes, `(8, dim)`, with all of their variance."""
        _, lengths, axes = np.linalg.svd(centred, full_matrices=False)
        kept = min(self.count, len(lengths))
        power = np.square(lengths[:kept]).sum()
        scale = np.sqrt(np.square(lengths).sum() / power) if power > 0 else 0.0
        directions = np.zeros(self._shape)
        directions[:kept] = scale / np.sqrt(len(centred)) * lengths[:kept, None] * axes[:kept]
        return directions

    def _around(self, component, noise):
        # One direction after the other: all of them together would be 8 codes a draw.
        latent = tf.gather(self.means, component)
        for number in range(self.count):
            direction = tf.gather(self.directions[:, number], component)
            latent += noise[:, number, None] * direction
        return latent
