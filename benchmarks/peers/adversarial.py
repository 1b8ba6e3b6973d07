"""What the peers that train a `WassersteinGAN` have in common."""

import keras

from benchmarks.peers.compilation import choose_compilation
from benchmarks.peers.peer import Peer
from benchmarks.peers.wgan_gp import WassersteinGAN, draw_rows

_CHOICES = {}  # of this process: the second seed need not measure again


class AdversarialPeer(Peer):
    """A peer that is a `WassersteinGAN`; subclasses give its networks and its reals."""

    defaults = {
        "batch_size": 128,
        "critic_steps": 5,
        "learning_rate": 1e-3,
        "betas": [0.1, 0.5],
        "penalty": 10.0,
        "average_decay": None,
        "latent_dim": 128,
        "reuse": False,  # whether the critic steps of a training step share one batch of reals
        "epochs": None,  # passes over the target; None for as many as the budget allows
    }

    def build_networks(self):
        """The generator and the critic, made anew."""
        raise NotImplementedError

    @property
    def reals(self):
        """What the critic compares with: float32 `(n, *shape)`."""
        raise NotImplementedError

    def prepare(self, budget):
        compilation = self.task.compilation
        if compilation == "faster":
            choice = self._choose(budget)
            self.facts["compilation"], compilation = choice, choice["chosen"]
        self._jit_compile = compilation == "xla"
        self.gan = self.build()

    def build(self):
        """The GAN, with the same first weights at each call."""
        keras.utils.set_random_seed(self.seed)
        names = ("critic_steps", "learning_rate", "betas", "penalty", "average_decay")
        settings = {name: self.settings[name] for name in names}
        return WassersteinGAN(*self.build_networks(), **settings, seed=self.seed)

    def train(self, watch):
        step = self.gan.compile_step(self.reals, self._jit_compile)
        images_a_step = self.settings["batch_size"] * self.settings["critic_steps"]
        for number, rows in enumerate(self._rows(), start=1):
            step(rows)
            if watch.look(number * images_a_step) or number == self._last_step:
                return

    @property
    def _last_step(self):
        epochs = self.settings["epochs"]
        return epochs and epochs * (len(self.reals) // self.settings["batch_size"])

    def _rows(self):
        names = ("batch_size", "critic_steps", "reuse")
        shape = {name: self.settings[name] for name in names}
        return draw_rows(len(self.reals), **shape, seed=self.seed)

    def _choose(self, budget):
        key = (type(self).__name__, str(self.settings), self.reals.shape, budget)
        if key not in _CHOICES:
            _CHOICES[key] = choose_compilation(self._build_step, budget)
        return _CHOICES[key]

    def _build_step(self, jit_compile):
        rows = next(self._rows())
        step = self.build().compile_step(self.reals, jit_compile)
        return lambda: step(rows)
