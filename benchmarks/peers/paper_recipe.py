"""The paper's recipe for 28x28 images, as its official code runs it.

The critic sees the same batch of real codes in all 5 steps; Adam(1e-3, 0.1, 0.5); batches of 128;
uniform latents; gradient penalty 10; 100 epochs of one pass each; no moving average. It gets what
the paper has not: codes standardised, so that a linear output does for any autoencoder.

Source: Frégier and Gouray, arXiv 1906.11613, the 28x28 experiments.
"""

import numpy as np

import m2m_tf as m2m
from benchmarks.peers.adversarial import AdversarialPeer
from m2m_tf.codes import CodeStatistics


class PaperRecipe(AdversarialPeer):
    """A mind trained as the paper's code trains it."""

    about = "the paper's recipe: one batch for 5 critic steps, 100 epochs, no moving average"
    defaults = {**AdversarialPeer.defaults, "reuse": True, "epochs": 100}

    def __init__(self, task, seed, **changes):
        super().__init__(task, seed, **changes)
        self.statistics = CodeStatistics(task.autoencoder.code_shape)
        self.statistics.adapt(task.codes)
        self._reals = np.asarray(self.statistics.standardise(task.codes))

    @property
    def reals(self):
        return self._reals

    def build_networks(self):
        code_shape = self.task.autoencoder.code_shape
        generator = m2m.build_generator(self.settings["latent_dim"], code_shape)
        return generator, m2m.build_critic(code_shape)

    def generate_codes(self, count, seed):
        """Codes: float32 `(count, *code_shape)`."""
        return np.asarray(self.statistics.restore(self.gan.sample(count, seed)))

    def generate(self, count, seed):
        return self.task.autoencoder.decode(self.generate_codes(count, seed))


class PaperRecipeAveraged(PaperRecipe):
    """The same with a moving average of the generator, which the paper has not."""

    about = "the paper's recipe, with a moving average of the generator"
    defaults = {**PaperRecipe.defaults, "average_decay": 0.999}
