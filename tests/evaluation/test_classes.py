"""Each class is measured on its own, where there are images enough."""

import json

import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf import data
from m2m_tf.evaluation.classes import measure_classes
from m2m_tf.evaluation.contender import Contender
from m2m_tf.evaluation.survey import Survey, survey
from m2m_tf.features import Features, get_extractor

COUNTS = {"ant": 60, "bee": 70, "cow": 20}


class Drawn:
    """Stands where a model's labels matter alone; it draws each class in turn."""

    def __init__(self, classes):
        self.classes = classes

    def sample_labels(self, count, seed):
        return np.arange(count) % 3


def features(numbers):
    """Features around ten times the number of the class."""
    noise = np.random.default_rng(len(numbers)).normal(size=(len(numbers), 4))
    return Features((numbers[:, None] * 10 + noise).astype("float32"), "drawn")


@pytest.fixture
def held_out():
    labels = np.repeat(list(COUNTS), list(COUNTS.values()))
    made = features(np.repeat(np.arange(3), list(COUNTS.values())))
    nothing = np.zeros(len(labels))
    return Survey(nothing, nothing, made, made, nothing, nothing, nothing, labels)


@pytest.fixture
def generated():
    """180 images; those of "bee" are drawn as if they were of "cow"."""
    numbers = np.arange(180) % 3
    made = features(np.where(numbers == 1, 2, numbers))
    return Contender("generated", np.zeros((180, 2)), made, None)


def test_a_class_that_is_drawn_as_another_is_told_from_one_that_is_right(held_out, generated):
    found = measure_classes(Drawn(("ant", "bee", "cow")), held_out, generated)
    assert found["measured"].keys() == {"ant", "bee"}
    fid = {name: each["generated"]["frechet_distance"] for name, each in found["measured"].items()}
    assert fid["ant"].value < 2 and fid["bee"].value > 50
    assert (fid["bee"].real_count, fid["bee"].generated_count) == (70, 60)
    ant = found["measured"]["ant"]
    assert (ant["held_out_images"], ant["generated_images"]) == (60, 60)
    assert ant["floor"].value == pytest.approx(0, abs=1e-3)


def test_a_class_of_too_few_images_is_named_with_their_number(held_out, generated):
    found = measure_classes(Drawn(("ant", "bee", "cow")), held_out, generated)
    assert found["too_few"] == {"cow": 20}


def test_without_classes_only_the_autoencoder_is_measured(held_out, generated):
    found = measure_classes(Drawn(None), held_out, generated)
    assert found["measured"]["bee"]["generated"] is None
    assert found["measured"]["bee"]["floor"].real_count == 70


def test_labels_of_other_classes_and_none_give_no_figures(held_out, generated):
    assert measure_classes(Drawn(("dog", "elk", "fox")), held_out, generated) is None
    assert measure_classes(Drawn(3), None, generated) is None


def test_a_survey_keeps_the_label_of_each_image_it_looks_at(reported_autoencoder):
    images = data.load("demo:digits")
    rows = np.array([3, 250, 260, 700])
    extractor = get_extractor("pixels", images.image_shape)
    seen = survey(reported_autoencoder, images, extractor, rows, labelled=images.brings_labels)
    expected = data.load_labels("demo:digits")[rows]
    assert seen.labels.tolist() == expected.tolist()
    chosen = np.array([True, False, False, True])
    assert seen.part(chosen).labels.tolist() == expected[chosen].tolist()
    assert survey(reported_autoencoder, images, extractor, rows).labels is None


@pytest.mark.slow
def test_the_report_has_a_row_a_class_and_names_those_of_few_images(
    reported_autoencoder, digits, tmp_path
):
    labels = data.load_labels("demo:digits")[:2000]
    rows = np.flatnonzero((labels < 2) | ((labels == 2) & (np.cumsum(labels == 2) <= 30)))
    names = np.array(["zero", "one", "two"])[labels[rows]]
    target = tf.data.Dataset.from_tensor_slices((digits[rows], names))
    model = m2m.Mind2Mind(reported_autoencoder, classes=("zero", "one", "two"), seed=0)
    model.compile(jit_compile=False)
    model.fit(target, batch_size=20, validation_split=0.5, verbose=0)
    result = m2m.evaluate(model, target, verbose=0)
    result.save(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    found = report["classes"]
    assert "zero" in found["measured"] and list(found["too_few"]) == ["two"]
    figure = found["measured"]["zero"]["generated"]["frechet_distance"]
    assert figure["real_count"] == found["measured"]["zero"]["held_out_images"] >= 50
    page = (tmp_path / "report.html").read_text()
    assert "Class by class" in page and "two (" in page
