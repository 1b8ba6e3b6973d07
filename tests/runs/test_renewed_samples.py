"""The grid of samples is drawn anew while a mind trains."""

import keras
import pytest

import m2m_tf as m2m
from m2m_tf.runs.pictures import draw_samples
from m2m_tf.runs.renewed_samples import RenewedSamples


class Seen(keras.callbacks.Callback):
    """What a file holds at the end of each epoch."""

    def __init__(self, path):
        super().__init__()
        self.path, self.content = path, []

    def on_epoch_end(self, epoch, logs=None):
        self.content.append(self.path.read_bytes() if self.path.exists() else None)


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0.0, 60.0])
def test_it_is_that_of_the_mind_after_the_epoch_and_a_short_training_is_spared_it(
    tiny_autoencoder, digits, tmp_path, pause
):
    model = m2m.Mind2Mind(tiny_autoencoder, seed=0)
    model.compile()
    path = tmp_path / "samples.png"
    callbacks = [RenewedSamples(path, seed=3, pause=pause), seen := Seen(path)]
    codes = tiny_autoencoder.encode(digits[:64])
    model.fit(codes, batch_size=16, callbacks=callbacks, verbose=0)
    draw_samples(tmp_path / "again.png", model, seed=3)
    assert seen.content == [None if pause else (tmp_path / "again.png").read_bytes()]
