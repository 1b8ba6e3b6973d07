"""The grid of samples, drawn anew while a mind trains."""

import time

import keras

from m2m_tf.runs.pictures import draw_samples

BETWEEN = 10.0  # seconds from one grid to the next, at least
TIMES = 20  # as long as drawing takes: for a twentieth of the time at most


class RenewedSamples(keras.callbacks.Callback):
    """Draws `draw_samples` at ends of epochs, now and then.

    Args:
        path: The file.
        seed: Seed of the images.
        pause: Seconds before the first grid.
    """

    def __init__(self, path, seed, pause=BETWEEN):
        super().__init__()
        self._path, self._seed, self._pause = path, seed, pause

    def on_train_begin(self, logs=None):
        self._drawn = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        began = time.perf_counter()
        if began - self._drawn >= self._pause:
            draw_samples(self._path, self.model, self._seed)
            self._drawn = time.perf_counter()
            self._pause = max(BETWEEN, TIMES * (self._drawn - began))
