"""Datasets that `predict` takes, and those that it refuses."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds.batches import as_no_class, checked_batches, parts_of

LATENT, LABEL = np.zeros((4, 8), "float32"), np.array([0, 1, 2, 1])


def batches(*parts, size=2):
    return tf.data.Dataset.from_tensor_slices(*parts).batch(size)


@pytest.mark.parametrize(
    "parts", [(LATENT, LABEL), {"latent": LATENT, "label": LABEL}, ((LATENT, LABEL),)]
)
def test_pairs_and_dictionaries_are_read_as_dictionaries(parts):
    read = list(checked_batches(batches(parts), 8, 3))
    assert [each["label"].numpy().tolist() for each in read] == [[0, 1], [2, 1]]
    assert read[0]["latent"].shape == (2, 8)


def test_without_classes_a_dataset_stays_as_it_is():
    for parts in (LATENT, (LATENT, LABEL)):
        dataset = batches(parts)
        assert checked_batches(dataset, 8, 0) is dataset


def test_the_parts_of_an_element():
    assert parts_of(LATENT) == (LATENT, None)
    assert parts_of((LATENT, LABEL)) == parts_of(((LATENT, LABEL),)) == (LATENT, LABEL)


@pytest.mark.parametrize("bad", [-1, 3])
def test_a_label_that_is_no_class_ends_the_reading(bad):
    dataset = checked_batches(batches((LATENT, np.array([0, 1, 2, bad]))), 8, 3)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        list(dataset)
    assert "labels run from 0 to 2" in str(as_no_class(caught.value, 3))
    other = tf.errors.InvalidArgumentError(None, None, "another")
    assert as_no_class(other, 3) is other


def test_what_is_no_batch_of_latents_is_refused():
    for parts in (LATENT, (LATENT, LABEL)):
        single = tf.data.Dataset.from_tensor_slices(parts)
        with pytest.raises(ValueError, match=r"dataset.batch\(64\)"):
            checked_batches(single, 8, 3)
    with pytest.raises(ValueError, match=r"latents of shape \(n, 8\); got \(None, 7\)"):
        checked_batches(batches(LATENT[:, :7]), 8, 0)
    for labels in (np.eye(4, 3), LABEL.astype("float32")):
        with pytest.raises(ValueError, match="labels are the numbers of classes"):
            checked_batches(batches((LATENT, labels)), 8, 3)


@pytest.mark.slow
def test_predict_takes_a_dataset_of_latents_and_labels(make_mind):
    model = make_mind(classes=3)
    latent = model.sample_latent(4, seed=0, label=LABEL)
    expected = model.generate_from(latent, label=LABEL)
    for parts in ((latent, LABEL), {"latent": latent, "label": LABEL}):
        found = model.predict(batches(parts), verbose=0)
        np.testing.assert_allclose(found, expected, atol=1e-6)
    with pytest.raises(ValueError, match="labels run from 0 to 2"):
        model.predict(batches((latent, LABEL + 1)), verbose=0)
