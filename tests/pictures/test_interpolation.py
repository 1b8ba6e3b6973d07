"""A walk goes from latent to latent in even steps, and is written as the file's name asks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from m2m_tf.pictures import save_animation, save_interpolation, walk
from m2m_tf.pictures.interpolation import keys_for


def shades(count, channels=1):
    values = np.linspace(0, 250, count).astype(np.uint8).reshape(-1, 1, 1, 1)
    return np.broadcast_to(values, (count, 8, 8, channels))


@given(keys=st.integers(2, 6), steps=st.integers(1, 6), dim=st.integers(1, 4))
def test_a_walk_passes_through_every_latent(keys, steps, dim):
    latents = np.random.default_rng(0).uniform(-1, 1, (keys, dim)).astype(np.float32)
    np.testing.assert_allclose(walk(latents, keys * steps)[::steps], latents, atol=1e-6)


@given(keys=st.integers(2, 6), num_frames=st.integers(1, 40))
def test_a_walk_between_uniform_latents_stays_in_their_cube(keys, num_frames):
    latents = np.random.default_rng(1).uniform(-1, 1, (keys, 3))
    frames = walk(latents, num_frames)
    assert frames.shape == (num_frames, 3) and np.abs(frames).max() <= 1


def test_a_walk_comes_back_to_where_it_began():
    assert walk([[0.0], [1.0]], 4).ravel().tolist() == [0, 0.5, 1, 0.5]


@pytest.mark.parametrize(
    ("latents", "num_frames"), [([[0.0]], 4), ([0.0, 1.0], 4), ([[0], [1]], 0)]
)
def test_a_walk_that_leads_nowhere_is_refused(latents, num_frames):
    with pytest.raises(ValueError, match="A walk needs latents"):
        walk(latents, num_frames)


def test_sixty_four_frames_visit_eight_latents_one_for_each_row_of_the_grid():
    assert keys_for(64) == 8


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
@pytest.mark.parametrize("channels", [1, 3])
def test_an_animation_has_every_frame_and_loops(tmp_path, suffix, channels):
    path = save_interpolation(tmp_path / f"walk{suffix}", shades(6, channels), frame_seconds=0.05)
    with Image.open(path) as read:
        assert read.n_frames == 6 and read.size == (112, 112)
        assert read.info["loop"] == 0


def test_a_png_is_a_grid_of_the_frames(tmp_path):
    path = save_interpolation(tmp_path / "walk.png", shades(9))
    with Image.open(path) as picture:
        assert picture.size == (3 * 10 + 2, 3 * 10 + 2)


def test_another_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="end in .png or .gif or .webp; got"):
        save_interpolation(tmp_path / "walk.mp4", shades(4))


@pytest.mark.parametrize("seconds", [1e9, -1, float("nan"), "fast"])
def test_a_time_that_no_animation_can_say_is_refused(tmp_path, seconds):
    with pytest.raises(ValueError, match="frame_seconds is a number from 0 to 655, .*; got"):
        save_animation(tmp_path / "walk.gif", np.zeros((2, 8, 8, 1)), frame_seconds=seconds)
    assert not list(tmp_path.iterdir())
