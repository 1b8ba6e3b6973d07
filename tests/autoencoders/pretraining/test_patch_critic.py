"""The critic of pretraining's adversarial term."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.autoencoders.pretraining.patch_critic import build_patch_critic


@pytest.mark.parametrize("shape", [(64, 64, 3), (48, 32, 1), (28, 28, 1)])
def test_it_scores_each_patch_of_an_image(shape):
    critic = build_patch_critic(shape, width=4)
    scores = critic(np.zeros((2, *shape), "float32"))
    assert scores.shape == (2, -(-shape[0] // 8), -(-shape[1] // 8), 1)


def test_a_score_sees_only_its_surroundings():
    critic = build_patch_critic((64, 64, 3), width=4)
    image = tf.Variable(np.random.default_rng(0).uniform(-1, 1, (1, 64, 64, 3)).astype("float32"))
    with tf.GradientTape() as tape:
        score = critic(image)[0, 0, 0, 0]
    seen = np.abs(tape.gradient(score, image)).sum(axis=(0, 3)) > 0
    assert seen[:8, :8].all() and not seen[40:].any() and not seen[:, 40:].any()
