"""New images as a grid, an animation or a folder, by the name of the output."""

import numpy as np
import pytest
from PIL import Image

from m2m_tf.runs.generate import generate


def as_pixels(images):
    return (images[..., 0] + 1) * 127.5


def read(path):
    return np.asarray(Image.open(path)).astype(float)


def test_a_folder_holds_the_models_images(drawn_model, tmp_path):
    assert generate(drawn_model, tmp_path / "new", num=5, seed=3) == 5
    made = np.stack([read(path) for path in sorted((tmp_path / "new").iterdir())])
    assert np.abs(made - as_pixels(drawn_model.generate(5, seed=3))).max() <= 1


def test_a_grid_and_an_animation_are_of_as_many(drawn_model, tmp_path):
    assert generate(drawn_model, tmp_path / "x.png", num=4, seed=3) == 4
    assert read(tmp_path / "x.png").shape[:2] == (2 + 2 * 30, 2 + 2 * 30)
    assert generate(drawn_model, tmp_path / "x.gif", num=6, seed=3, interpolate=True) == 6
    with Image.open(tmp_path / "x.gif") as animation:
        assert 1 < animation.n_frames <= 6


def test_truncation_draws_nearer_to_the_middle(drawn_model, tmp_path):
    for name, truncation in (("whole", 1.0), ("none", 0.0)):
        generate(drawn_model, tmp_path / name, num=3, seed=3, truncation=truncation)
    whole, none = (
        [read(path) for path in sorted((tmp_path / name).iterdir())] for name in ("whole", "none")
    )
    assert not np.array_equal(whole[0], whole[1])
    if not drawn_model.classes:
        np.testing.assert_array_equal(none[0], none[1])


@pytest.mark.parametrize(
    ("out", "settings", "said"),
    [
        ("x.png", {"num": 0}, "num must be"),
        ("x.png", {"seed": -1}, "seed"),
        ("x.png", {"truncation": 1.5}, "truncation"),
        ("x.jpg", {}, ".png, .gif or .webp"),
        ("x.gif", {}, "needs interpolate=True"),
        ("x.png", {"interpolate": True, "label": "each"}, "stays in one class"),
        ("there.png", {}, "overwrite"),
        ("there", {}, "overwrite=True"),
    ],
)
def test_what_cannot_be_made_is_refused_before_a_model_is_loaded(tmp_path, out, settings, said):
    (tmp_path / "there").mkdir()
    for path in (tmp_path / "there.png", tmp_path / "there" / "old.txt"):
        path.write_text("old")
    with pytest.raises(ValueError, match=said):
        generate("no/such/model", tmp_path / out, **settings)
    assert {path.name for path in tmp_path.iterdir()} == {"there", "there.png"}


@pytest.mark.parametrize("out", ["x.png", "folder"])
def test_more_images_than_there_is_memory_for_are_refused(drawn_model, tmp_path, out):
    with pytest.raises(ValueError, match="99,999,999,999 images are more than there is memory for"):
        generate(drawn_model, tmp_path / out, num=99_999_999_999)
    assert list(tmp_path.iterdir()) == []
