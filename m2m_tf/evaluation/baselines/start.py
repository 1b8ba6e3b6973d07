"""A model's own start: what it generates with the correction of its generator switched off."""

import keras
import numpy as np

from m2m_tf.codes import held_out_rows
from m2m_tf.codes.gaussian_mixture import COUNT
from m2m_tf.evaluation.baselines.fit import fit_baseline
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.given import with_labels

ORDER = ("prior", "mixture", "gaussian")
TRIED, ROUNDING = 8, 1e-5  # latents of a look, and how far of their largest value they may move


class Start:
    """What a model generated before its first step, with the `generate_codes` of a mind.

    A generator that starts as the identity gives back its latents, draws of the model's mixture;
    they are those that the model itself takes for the seed, with the same labels. So model and
    start differ by what was trained, and by nothing that was drawn or fitted anew.

    Args:
        model: A `Mind2Mind` that starts as its prior, see `own_start`.
    """

    name = "prior"

    def __init__(self, model):
        self.model, self.autoencoder = model, model.autoencoder
        self.facts = {
            "own": True,
            "count": _fitted_count(model.trained_on),
            "components": model.latent_law.components_count,
            "notes": [],
        }

    def generate_codes(self, num_codes, seed=None):
        """Draws codes: float32 `(num_codes, *code_shape)`; `seed` as `Mind2Mind` takes it."""
        labels = self.model.sample_labels(num_codes, seed)
        latent = self.model.sample_latent(num_codes, seed, labels)
        statistics = self.model.statistics
        return np.asarray(statistics.restore(latent.reshape(-1, *statistics.standard_shape)))


def own_start(model):
    """The `Start` of a model; None where it is no mind, or starts from something else."""
    if not isinstance(model, Mind2Mind) or model.prior != "mixture" or model.generator is None:
        return None
    return Start(model) if _starts_as_identity(model) else None


def baselines_of(model, codes, seed=0):
    """What a model is set beside: its own start where it has one, and laws fitted to codes.

    Args:
        model: A `Mind2Mind`, or what generates codes as it does.
        codes: Codes that it was trained on, floats `(n, *code_shape)`.
        seed: Seed of the fits.

    Returns:
        A dict of `"prior"`, `"mixture"` and `"gaussian"` to what has `generate_codes` and `facts`:
        `own`, whether it is the model's; `count`, the number of codes that it was fitted to, None
        where no record was kept; `components`.
    """
    own = {"prior": own_start(model)}
    return {
        kind: own.get(kind) or fit_baseline(kind, model.autoencoder, codes, seed=seed)
        for kind in ORDER
    }


def _starts_as_identity(model):
    """Whether the generator, made again with the weights that it is made with, gives latents back.

    A network of the user's own is asked like those of the package.
    """
    try:
        config = keras.saving.serialize_keras_object(model.generator)
        network = keras.saving.deserialize_keras_object(config)
    except (TypeError, ValueError, NotImplementedError):
        return False
    latent = model.sample_latent(TRIED, seed=0)
    labels = model.sample_labels(TRIED, seed=0)
    made = np.asarray(network(with_labels(latent, labels, model.num_classes), training=False))
    return bool(np.abs(made.reshape(TRIED, -1) - latent).max() <= ROUNDING * np.abs(latent).max())


def _fitted_count(record):
    """How many codes the model's mixture was fitted to; None where it keeps no record of them."""
    if not record:
        return None
    held_out = held_out_rows(record["images"], record["validation_split"])
    return int(min(np.sum(~held_out), COUNT))
