"""The package's mind, then `thaw`: the decoder follows the target, below the frozen one's floor."""

from benchmarks.peers.mind import Mind

THAWED = {"thawed_prior": 0.0, "thawed_30": 30.0, "thawed_60": 60.0, "thawed_120": 120.0}


class Thawed(Mind):
    """A mind of so many seconds, then thawed; with 0 after its first step: the prior alone.

    Re-encoding the target, which `thaw` does, is on the clock.
    """

    about = "the package's mind for so many seconds, then thawed"
    draws_reconstructions = False
    defaults = {**Mind.defaults, "mind_seconds": 60.0}

    def is_over(self, watch):
        return watch.seconds >= self.settings["mind_seconds"]

    def train(self, watch):
        super().train(watch)
        thawed = self.model.thaw(self.task.images, validation_split=0.0, verbose=0)
        self.facts["thaw"] = {"seconds": thawed.seconds, "error": [thawed.before, thawed.after]}
        watch.images += thawed.images * len(thawed.history["loss"])
