"""What all peers have in common."""


class Peer:
    """One way to get images like the target's: made, prepared, trained under a stopwatch, judged.

    Attributes:
        about: What it is, in a line.
        in_image_space: Whether its steps touch images and not codes.
        draws_reconstructions: Whether its images are the frozen decoder's.
        uses: What it needs before training: `"encoding"` of the target, `"pretraining"` of the
            autoencoder.
        defaults: Its settings, plain values that JSON takes.
        facts: What is worth recording, after `prepare`.
        before: Seconds of preparing that a user would wait too, by name.

    Args:
        task: A `Task`.
        seed: Seed of all that is drawn.
        **changes: Settings other than the defaults.

    Raises:
        ValueError: For a setting that it does not have.
    """

    about = ""
    in_image_space = False
    draws_reconstructions = True
    uses = ("encoding", "pretraining")
    defaults = {}

    def __init__(self, task, seed, **changes):
        unknown = changes.keys() - self.defaults.keys()
        if unknown:
            raise ValueError(
                f"{type(self).__name__} has the settings {sorted(self.defaults)}; got "
                f"{sorted(unknown)}."
            )
        self.task, self.seed = task, seed
        self.settings = {**self.defaults, **changes}
        self.facts, self.before = {}, {}

    def prepare(self, budget):
        """Builds what trains, off the clock; `budget` is the seconds of training to come."""

    def train(self, watch):
        """Trains until it is done, or until `watch.look(images_seen)` says that time is over."""
        raise NotImplementedError

    def generate(self, count, seed):
        """Images of what was learned so far: float32 `(count, height, width, channels)`."""
        raise NotImplementedError
