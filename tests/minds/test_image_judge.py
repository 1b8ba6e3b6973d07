"""How near a mind's images are to held-out ones."""

import types

import numpy as np
import pytest

from m2m_tf.metrics import kernel_distance
from m2m_tf.minds.image_judge import ImageJudge, can_judge, count_images

pytestmark = pytest.mark.slow


def test_it_is_the_kernel_distance_of_decoded_codes(mind):
    judge = ImageJudge(mind)
    real = judge.extractor(mind.autoencoder.decode(mind.held_out_codes.codes[:]))
    made = judge.extractor(mind.generate(60, seed=0))
    expected, _ = kernel_distance(real.values, made.values, subset_size=60)
    assert judge.count == 60 and judge.distance() == pytest.approx(expected, rel=1e-5)


def test_a_decoder_that_overshoots_is_judged_by_what_is_seen(mind, monkeypatch):
    decode = mind.autoencoder.decode
    monkeypatch.setattr(mind.autoencoder, "decode", lambda codes: 3 * decode(codes))
    overshooting = ImageJudge(mind).distance()
    monkeypatch.setattr(mind.autoencoder, "decode", lambda codes: np.clip(3 * decode(codes), -1, 1))
    assert ImageJudge(mind).distance() == overshooting


def test_images_that_are_farther_have_a_larger_distance(mind):
    judge, weights = ImageJudge(mind), mind.average.get_weights()
    start = judge.distance()
    mind.average.set_weights([*weights[:-1], weights[-1] + 3])
    assert judge.distance() > 1.5 * start
    mind.average.set_weights([*weights[:-1], weights[-1] * np.nan])
    assert judge.distance() is None


def test_large_images_are_fewer_and_the_largest_none():
    held_out = types.SimpleNamespace(count=800)
    for size, count in (((28, 28, 1), 500), ((256, 256, 3), 125), ((512, 512, 3), 31)):
        autoencoder = types.SimpleNamespace(image_shape=size)
        mind = types.SimpleNamespace(autoencoder=autoencoder, held_out_codes=held_out)
        assert count_images(mind) == count and can_judge(mind) == (count >= 50)
    assert not can_judge(types.SimpleNamespace(autoencoder=autoencoder, held_out_codes=None))
