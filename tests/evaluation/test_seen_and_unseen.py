"""Where a model stands, on what it saw and on what it did not."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import held_out_rows
from m2m_tf.evaluation.seen_and_unseen import ROWS, measure_seen_and_unseen
from m2m_tf.features import get_extractor
from m2m_tf.metrics import measure

pytestmark = pytest.mark.slow

COUNT = 300
HELD_OUT = held_out_rows(COUNT, 0.2)


@pytest.fixture(scope="module")
def extractor():
    return get_extractor("pixels", (28, 28, 1))


@pytest.fixture(scope="module")
def figures(trained, digits, extractor):
    return measure_seen_and_unseen(
        trained, m2m.data.load(digits[:COUNT]), HELD_OUT, extractor, seed=3
    )


def test_each_side_is_compared_with_its_own_reconstructions_and_as_many_generated(
    figures, trained, digits, extractor
):
    assert figures.keys() == ROWS.keys()
    autoencoder = trained.autoencoder
    sides = {"": digits[:COUNT][~HELD_OUT], "_held_out": digits[:COUNT][HELD_OUT]}
    for ending, images in sides.items():
        reconstructions = autoencoder.decode(autoencoder.encode(images))
        generated = trained.generate(int(sum(~HELD_OUT)), seed=3)[: len(images)]
        rows = {f"{ending}_floor".strip("_"): reconstructions, f"generated{ending}": generated}
        for row, others in rows.items():
            expected = measure(extractor(images), extractor(others), "frechet_distance")
            found = figures[row]["frechet_distance"]
            assert found.value == pytest.approx(expected["frechet_distance"].value, rel=1e-4)
            assert found.real_count == found.generated_count == len(images)


def test_without_held_out_images_there_are_figures_of_training_images_alone(
    trained, digits, extractor
):
    images = m2m.data.load(digits[:40])
    found = measure_seen_and_unseen(trained, images, np.zeros(40, bool), extractor)
    assert list(found) == ["floor", "generated"]


def test_fewer_images_than_a_figure_needs_are_refused(trained, digits, extractor):
    images = m2m.data.load(digits[:40])
    with pytest.raises(ValueError, match="12 images or more that the model was trained on; got 5"):
        measure_seen_and_unseen(trained, images, np.arange(40) >= 5, extractor)
