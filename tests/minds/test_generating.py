"""What a model is asked for before it generates; tests/minds/test_mind2mind.py has the images."""

import keras
import numpy as np

from m2m_tf.minds.generating import drawn_seed


def test_a_seed_that_is_drawn_is_another_one_each_time():
    seeds = set()
    for _ in range(3):
        keras.utils.set_random_seed(5)
        seeds.add(drawn_seed())
    assert len(seeds) == 3 and 0 <= min(seeds) and max(seeds) < 2**31


def test_images_codes_and_latents_of_a_seed_are_the_same_ones(make_mind):
    model = make_mind()
    latent = model.sample_latent(3, seed=1)
    images = model.generate(3, seed=1)
    np.testing.assert_allclose(model.generate_from(latent), images, atol=1e-6)
    codes = model.generate_codes(3, seed=1)
    np.testing.assert_allclose(model.autoencoder.decode(codes), images, atol=1e-5)
