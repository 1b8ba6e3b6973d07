"""TFRecord files of encoded images are read in place."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from m2m_tf.data import load, load_labels, look


def write(path, records):
    """Writes a TFRecord file of dictionaries of bytes, or lists of whole numbers."""
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            features = {name: feature(value) for name, value in record.items()}
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())
    return path


def feature(value):
    if isinstance(value, bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=value))


@pytest.fixture
def records(folder):
    """40 records as TensorFlow's models have them."""
    files = sorted(folder.rglob("*.png"))
    return [
        {"image/encoded": path.read_bytes(), "image/class/label": [i % 3], "image/height": [28]}
        for i, path in enumerate(files)
    ]


@pytest.fixture
def recorded(records, tmp_path):
    return write(tmp_path / "digits.tfrecord", records)


def test_a_file_gives_what_its_folder_gives_and_the_classes(recorded, folder):
    images = load(recorded)
    assert images.name == "digits.tfrecord" and images.count == 40 and not images.notes
    np.testing.assert_array_equal(images.numpy(), load(folder).numpy())
    assert load_labels(recorded).tolist() == [number % 3 for number in range(40)]
    assert look(recorded, verbose=0).count == 40


def test_a_folder_of_files_is_one_target(records, folder, tmp_path):
    shards = tmp_path / "shards"
    shards.mkdir()
    write(shards / "digits-train.tfrecord-00000-of-00002", records[:15])
    write(shards / "digits-train.tfrecord-00001-of-00002", records[15:])
    (shards / "features.json").write_text("{}")
    np.testing.assert_array_equal(load(shards).numpy(), load(folder).numpy())
    assert load_labels(shards).tolist() == [number % 3 for number in range(40)]


@pytest.mark.parametrize("name", ["image", "photo"])
def test_an_image_is_found_under_any_name_and_a_class_may_be_a_name(records, tmp_path, name):
    renamed = [{name: each["image/encoded"], "label": b"cat"} for each in records]
    path = write(tmp_path / "digits.tfrec", renamed)
    assert load(path).count == 40
    assert load_labels(path).tolist() == 40 * ["cat"]


def test_records_without_an_encoded_image_are_refused_with_what_they_hold(tmp_path):
    path = write(tmp_path / "raw.tfrecord", [{"pixels": bytes(784), "label": [1]}] * 40)
    with pytest.raises(ValueError, match="have the features label, pixels. Encode the images by"):
        load(path)


def test_a_bad_record_is_skipped_with_its_number(records, tmp_path):
    records[7] = {"image/encoded": b"none"}
    records[9] = {"image/class/label": [1]}
    images = load(write(tmp_path / "digits.tfrecord", records))
    assert len(images.numpy()) == 38
    assert [name for name, _ in images.skipped] == ["digits.tfrecord#7", "digits.tfrecord#9"]


def test_labels_are_asked_for_and_one_record_has_none(records, tmp_path):
    del records[5]["image/class/label"]
    path = write(tmp_path / "digits.tfrecord", records)
    with pytest.raises(ValueError, match="image/class/label, label, class or cls with one class"):
        load_labels(path)


def test_a_file_that_is_none_or_was_cut_is_refused(recorded, tmp_path):
    whole = recorded.read_bytes()
    for content in (b"none" * 1000, whole[:-5], whole[:8]):
        (tmp_path / "bad.tfrecord").write_bytes(content)
        with pytest.raises(ValueError, match="not compressed; 'bad.tfrecord' is none, or is"):
            load(tmp_path / "bad.tfrecord")
    (tmp_path / "bad.tfrecord").write_bytes(b"")
    with pytest.raises(ValueError, match="no records"):
        load(tmp_path / "bad.tfrecord")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 20_000), change=st.binary(min_size=1, max_size=100))
def test_a_file_that_was_changed_anywhere_is_read_or_refused(recorded, place, change):
    whole = recorded.read_bytes()
    try:
        recorded.write_bytes(whole[:place] + change + whole[place + len(change) :])
        load(recorded, max_bad=1, at_least=0).numpy()
    except ValueError as error:
        assert "Traceback" not in str(error)
    finally:
        recorded.write_bytes(whole)
