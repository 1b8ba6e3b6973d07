"""Ranking puts the autoencoder first that promises most."""

import pytest

import m2m_tf as m2m
from m2m_tf import data
from m2m_tf.evaluation import rank_autoencoders
from m2m_tf.evaluation.rank import best_preset

pytestmark = pytest.mark.slow


def test_the_best_comes_first(ranking):
    assert ranking.figures["order"] == ["tiny", "untrained"]
    best, last = ranking.figures["assessments"].values()
    assert best["predicted"] < last["predicted"]
    assert best["verdict"] in ranking.verdict


def test_one_autoencoder_is_no_ranking(untrained, digits):
    with pytest.raises(ValueError, match="two or more autoencoders of different names"):
        rank_autoencoders([untrained], digits)


def test_two_of_one_name_are_refused(untrained, digits):
    with pytest.raises(ValueError, match="different names"):
        rank_autoencoders([untrained, untrained], digits)


def test_two_image_shapes_are_refused(untrained, digits):
    other = m2m.Autoencoder(*m2m.build_pair((32, 32, 1), code_dim=4, width=4), name="other")
    with pytest.raises(ValueError, match=r"the same images.*\(28, 28, 1\), \(32, 32, 1\)"):
        rank_autoencoders([untrained, other], digits)


def test_sources_that_do_not_pair_up_are_refused(untrained, reported_autoencoder, digits):
    with pytest.raises(ValueError, match="one source for each of the 2"):
        rank_autoencoders([untrained, reported_autoencoder], digits, sources=[digits])


def test_presets_are_ranked_by_their_predictions(digits):
    ranked = best_preset(data.load(digits[:300]), num_images=150)
    assert {prediction.autoencoder.name for prediction in ranked} == {
        name for name, card in m2m.presets().items() if card["image_shape"] == [28, 28, 1]
    }
    values = [prediction.predicted.value for prediction in ranked]
    assert values == sorted(values)


@pytest.mark.parametrize(("size", "nearest"), [(20, 28), (101, 104), (1021, 1024)])
def test_a_size_that_no_preset_takes_is_refused_with_the_nearest_there_is(digits, size, nearest):
    images = data.load(digits[:10], image_size=size)
    said = rf"No preset takes images of {size}x{size}.*image_size={nearest}x{nearest}; .*pretrain"
    with pytest.raises(ValueError, match=said):
        best_preset(images)


def test_one_name_in_place_of_a_list_is_refused(untrained, digits):
    for one in ("fashion_mnist_28", untrained):
        with pytest.raises(ValueError, match=r"expects a list of two or more.*\[one, another\]"):
            m2m.rank_autoencoders(one, digits)
