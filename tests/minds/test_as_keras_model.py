"""Keras' predict and evaluate of a mind."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds.as_keras_model import latent_and_label
from m2m_tf.minds.keras_words import METHODS


@pytest.fixture(scope="module")
def of_classes(make_mind):
    return make_mind(classes=("cat", "dog", "owl"))


def test_latents_and_labels_come_apart():
    latent, label = np.zeros((3, 2)), np.zeros(3)
    for given in ([latent, label], (latent, label), {"latent": latent, "label": label}):
        assert latent_and_label(given) == (latent, label) or latent_and_label(given) == given
    assert latent_and_label(latent) == (latent, None)


@pytest.mark.parametrize("kind", ["list", "names", "dictionary", "dataset"])
def test_predict_gives_the_images_of_latents_and_labels(of_classes, kind):
    latent = of_classes.sample_latent(5, seed=0, label="dog")
    label = np.array([0, 1, 2, 1, 0], "int32")
    given = {
        "list": [latent, label],
        "names": [latent.tolist(), ["cat", "dog", "owl", "dog", "cat"]],
        "dictionary": {"latent": latent, "label": label},
        "dataset": tf.data.Dataset.from_tensors(((latent, label),)),
    }[kind]
    expected = of_classes.generate_from(latent, label=label)
    np.testing.assert_allclose(of_classes.predict(given, verbose=0), expected, atol=1e-6)


def test_predict_without_classes_takes_latents_alone(make_mind):
    model = make_mind()
    latent = model.sample_latent(5, seed=0)
    expected = model.generate_from(latent)
    np.testing.assert_allclose(model.predict(latent, verbose=0), expected, atol=1e-6)
    with pytest.raises(ValueError, match="has no classes"):
        model.predict([latent, np.zeros(5, "int32")], verbose=0)


def test_what_is_missing_or_wrong_is_said(of_classes):
    latent = of_classes.sample_latent(2, seed=0, label=0)
    with pytest.raises(ValueError, match=r"predict\(\[latents, labels\]\)"):
        of_classes.predict(latent)
    with pytest.raises(ValueError, match="labels run from 0 to 2; got 7"):
        of_classes.predict([latent, [7, 0]])
    with pytest.raises(ValueError, match=r"latents of shape \(n, 8\); got \(2, 28, 28, 1\)"):
        of_classes.predict(np.zeros((2, 28, 28, 1)))
    with pytest.raises(ValueError, match=r"predict\(\[latents, labels\]\)"):
        of_classes(latent)


@pytest.mark.parametrize("method", ["__call__", "predict_on_batch"])
def test_images_where_latents_belong_are_refused(make_mind, method):
    with pytest.raises(ValueError, match=r"shape \(n, 8\); got \(2, 28, 28, 1\).*model.evaluate\("):
        getattr(make_mind(), method)(np.zeros((2, 28, 28, 1), "float32"))


@pytest.mark.parametrize("method", METHODS)
def test_methods_of_keras_for_one_batch_are_refused(make_mind, method):
    with pytest.raises(ValueError, match=f"Mind2Mind has no {method}: .*(fit|evaluate)\\("):
        getattr(make_mind(), method)(np.zeros((2, 28, 28, 1), "float32"))


def test_evaluate_gives_the_figures_of_codes_as_keras_does(make_mind, some_codes):
    model = make_mind()
    names = model.evaluate(some_codes, verbose=0, return_dict=True)
    assert list(names) == ["codes_frechet_distance", "codes_sliced_w1"]
    assert model.evaluate(some_codes, None, 32, 0) == list(names.values())
    far = model.evaluate(some_codes + 5, verbose=0, return_dict=True)
    assert all(far[name] > names[name] > 0 for name in names)


def test_evaluate_takes_images_and_refuses_too_few(make_mind, digits):
    model = make_mind()
    assert len(model.evaluate(digits[:20], verbose=0)) == 2
    with pytest.raises(ValueError, match="expects 12 images or more; got 11"):
        model.evaluate(digits[:11], verbose=0)


@pytest.mark.slow
def test_evaluate_reads_few_images_as_fit_read_many(make_mind, digits):
    model = make_mind()
    model.fit((digits[:200] + 1) / 2, batch_size=100, epochs=0, verbose=0)
    expected = model.evaluate(digits[:20], verbose=0)
    found = model.evaluate((digits[:20] + 1) / 2, verbose=0)
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.mark.parametrize("bad", [7, -1])
def test_a_label_that_is_no_class_is_refused_wherever_it_has_a_value(of_classes, bad):
    latent, labels = of_classes.sample_latent(2, seed=0, label=0), np.full(2, bad, "int32")
    for ask in (
        lambda: of_classes(latent, labels),
        lambda: of_classes([latent, tf.constant(labels)]),
        lambda: of_classes.predict_on_batch([latent, labels]),
    ):
        with pytest.raises(ValueError, match=f"labels run from 0 to 2; got {bad}"):
            ask()


def test_predict_on_batch_gives_the_images_of_latents_and_labels(of_classes):
    latent, label = of_classes.sample_latent(3, seed=0, label=1), np.array([0, 1, 2])
    expected = of_classes.generate_from(latent, label=label)
    for given in ([latent, label], {"latent": latent, "label": ["cat", "dog", "owl"]}):
        np.testing.assert_allclose(of_classes.predict_on_batch(given), expected, atol=1e-6)


@pytest.mark.parametrize("labels", [[0, 1, 2], [1], 1])
def test_labels_of_another_number_than_latents_are_refused(of_classes, labels):
    latent, labels = of_classes.sample_latent(2, seed=0, label=0), np.array(labels)
    for given in ((latent, labels), ({"latent": latent, "label": labels},)):
        with pytest.raises(ValueError, match=r"expected labels of shape \(2,\); got"):
            of_classes(*given)


class Batches(keras.utils.PyDataset):
    """The same batch, twice."""

    def __init__(self, batch):
        super().__init__()
        self.batch = batch

    def __len__(self):
        return 2

    def __getitem__(self, number):
        return self.batch


def test_the_first_batch_of_a_pydataset_is_looked_at(make_mind, of_classes):
    model = make_mind()
    latent = model.sample_latent(2, seed=0)
    twice = np.concatenate([model.generate_from(latent)] * 2)
    np.testing.assert_allclose(model.predict(Batches(latent), verbose=0), twice, atol=1e-6)
    with pytest.raises(ValueError, match=r"latents of shape \(n, 8\); got \(2, 7\)"):
        model.predict(Batches(latent[:, :7]), verbose=0)
    with pytest.raises(ValueError, match="has classes, so it takes latents and labels"):
        of_classes.predict(Batches(latent), verbose=0)
