"""A prior by its name."""

import math

from m2m_tf.checks import check_choice
from m2m_tf.minds.priors.map_mixture import MapMixturePrior
from m2m_tf.minds.priors.mixture import MixturePrior
from m2m_tf.minds.priors.simple import SimplePrior, sample_normal, sample_uniform

DRAWS = {"uniform": sample_uniform, "normal": sample_normal}
MIXTURES = {"mixture": MapMixturePrior, "shared_mixture": MixturePrior}
PRIORS = (*DRAWS, *MIXTURES)


def make_prior(name, latent_dim, code_shape, classes=0):
    """Returns a prior.

    Args:
        name: `"uniform"` (the paper's), `"normal"`, `"mixture"`, or `"shared_mixture"`, the mixture
            of vectors in earlier versions, whose components share axes and have noise across them.
        latent_dim: Length of the latent; of the mixture, that of a flat code.
        code_shape: Shape of a code.
        classes: Number of classes; 0 for none.

    Returns:
        An object with `noise_dim`; `draw(shape, seed)`, which gives noise; `latent_of(noise,
        labels, truncation)`, which makes latents of it; and `adapt(store, standardise, seed)`,
        which fits it.

    Raises:
        ValueError: If there is no such prior, or latents of the mixture have another length.
    """
    check_prior(name)
    if name in MIXTURES:
        if latent_dim != math.prod(code_shape):
            raise ValueError(
                f"Latents of the mixture prior are standardised codes, of {math.prod(code_shape)} "
                f"values; the generator takes {latent_dim}. Give prior='uniform' or 'normal', or a "
                f"generator of that width: build_generator({math.prod(code_shape)}, {code_shape}, "
                "residual=True)."
            )
        return MIXTURES[name](latent_dim, classes, name="prior")
    return SimplePrior(DRAWS[name], latent_dim)


def check_prior(name):
    """Returns the name, or refuses one that is no prior's."""
    return check_choice("prior", name, PRIORS)
