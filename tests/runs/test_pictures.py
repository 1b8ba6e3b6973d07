"""The pictures that a run leaves."""

import numpy as np
from PIL import Image

from m2m_tf import data
from m2m_tf.runs.pictures import COMPARED, SHOWN, draw


def read(path):
    return np.asarray(Image.open(path)).astype(float)


def test_samples_are_the_models_images_and_a_comparison_has_three_rows(
    drawn_model, digits, tmp_path
):
    seconds = draw(tmp_path, drawn_model, data.load(digits[:30]), seed=3)
    assert seconds > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comparison.png", "samples.png"]
    label = np.repeat([0, 1], SHOWN // 2) if drawn_model.classes else None
    first = (drawn_model.generate(SHOWN, 3, label=label)[0, ..., 0] + 1) * 127.5
    samples = read(tmp_path / "samples.png")
    assert np.abs(samples[2:58:2, 2:58:2] - first).max() <= 1  # enlarged twice
    columns = SHOWN // 2 if drawn_model.classes else int(SHOWN**0.5)
    assert samples.shape[1] == 2 + columns * 58
    height, width = read(tmp_path / "comparison.png").shape[:2]
    assert height == 3 * 84 + 4 * 2 and width > COMPARED * 84
