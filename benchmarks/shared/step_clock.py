"""Times the steps of a training, but for the first ones."""

import time

import keras

WARM_UP = 100  # steps, from which on nothing is traced


class StepClock(keras.callbacks.Callback):
    """Times so many steps after the first 100, and ends the training then.

    Args:
        steps: Steps to time.

    Attributes:
        rate: Steps a second, when the training has ended.
    """

    def __init__(self, steps):
        super().__init__()
        self.steps, self.made = steps, 0

    def on_train_batch_end(self, batch, logs=None):
        self.made += 1
        if self.made == WARM_UP:
            self.began = time.perf_counter()
        if self.made == WARM_UP + self.steps:
            self.rate = self.steps / (time.perf_counter() - self.began)
            self.model.stop_training = True
