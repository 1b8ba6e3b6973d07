"""The mixture prior: latents drawn from Gaussians that are narrow in directions of their own."""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.minds.priors.distance_kept import keeps_distance
from m2m_tf.minds.priors.fit_mixture import COMPONENTS, fit_mixture
from m2m_tf.minds.priors.mixture import UNUSED, MixturePrior, padded

DIRECTIONS = 8  # of each component
MOVES = 5  # of the means: hardly a code changes its component after these
CODES_A_COMPONENT = (15, 22, 32, 45, 64)  # the fewest of these that keep draws apart from codes
ENOUGH = 200  # components, but where there are 45 codes for each of more
DRAWN = 4000  # that are compared with the codes


@keras.saving.register_keras_serializable(package="m2m_tf")
class MapMixturePrior(MixturePrior):
    """A mixture of Gaussians on flat standardised codes: `mean + e D`.

    A code belongs to the component whose mean is nearest; the means are those of `MixturePrior`,
    moved to the middle of their codes a few times (Lloyd 1982). The codes of one component lie near
    a plane of their own: noise across it, as `MixturePrior` adds, is grain in the image. So each
    component has 8 directions D, the principal ones of its codes, as long as it takes for its
    variance to be that of its codes. Source: Tipping and Bishop, "Mixtures of probabilistic
    principal component analysers" (1999), without the noise.

    The more components, the nearer to the codes are draws, and the nearer to copies of them: there
    are as many, of 15 to 64 codes each, as leave draws about as far from the codes as codes lie
    from each other.

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

    def _fit(self, codes, labels, seed):
        for components in sizes_for(len(codes)):
            fitted = fit_mixture(codes, self.axes_count, seed, components)
            self._set_weights(self._take(fitted, codes, labels))
            if keeps_distance(codes, self._draw_like(labels, seed)):
                return

    def _draw_like(self, labels, seed):
        """Draws to be compared with the codes, of their labels where there are classes."""
        noise = self.draw((DRAWN, self.noise_dim), [seed % 2**31, 0])
        if labels is not None:
            labels = np.random.default_rng(seed).choice(labels, DRAWN).astype("int32")
        return self.latent_of(noise, labels).numpy()

    def _take(self, fitted, codes, labels):
        means = settled(fitted.means, codes)
        component = nearest(codes, means)
        directions = np.zeros((len(means), *self._shape))
        for number in np.unique(component):
            directions[number] = self._directions_of(codes[component == number] - means[number])
        self.means.assign(padded(means, COMPONENTS))
        self.directions.assign(padded(directions.astype("float32"), COMPONENTS))
        return _shares(component, len(means), labels, self.classes)

    def near(self, codes, noise):
        """Draws of the components that codes belong to: the prior's, for codes of the fit.

        Args:
            codes: Flat standardised codes, float32 `(n, dim)`.
            noise: As `latent_of` takes it; the first value has no part in it.

        Returns:
            float32 tensor `(n, dim)`.
        """
        used = tf.reduce_max(self.log_weights, axis=0) > UNUSED
        lengths = tf.where(used, tf.reduce_sum(tf.square(self.means), axis=1), np.inf)
        distances = lengths - 2 * tf.matmul(codes, self.means, transpose_b=True)
        return self._around(tf.argmin(distances, axis=1), noise[:, 1:])

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


def sizes_for(count):
    """Numbers of components to try for so many codes, the largest first."""
    most = max(ENOUGH, min(count // 45, COMPONENTS))
    return sorted({int(np.clip(count // each, 1, most)) for each in CODES_A_COMPONENT})[::-1]


def settled(means, codes):
    """Means moved to the middle of the codes nearest to them; those of none are left out."""
    for _ in range(MOVES):
        component = nearest(codes, means)
        means = np.stack(
            [codes[component == number].mean(axis=0) for number in np.unique(component)]
        )
    return means.astype("float32")


def nearest(codes, means):
    """The number of the mean nearest to each code, `(n,)`."""
    return (np.square(means).sum(axis=1) - 2 * codes @ means.T).argmin(axis=1)


def _shares(component, count, labels, classes):
    """The share of each component in all codes, `(1, count)`, or in those of each class."""
    groups = [component[labels == label] for label in range(classes)] if classes else [component]
    return np.stack([np.bincount(each, minlength=count) / len(each) for each in groups])
