"""`m2m export` writes a SavedModel whole, or nothing."""

import numpy as np
import tensorflow as tf

from m2m_tf.minds import Mind2Mind


def test_the_exported_model_makes_the_models_images(m2m, tmp_path, model_folder):
    result = m2m("export", "--model", model_folder, "--out", "exports/digits/1")
    assert result.status == 0 and "Assets written" not in result.err
    served = tf.saved_model.load(str(tmp_path / "exports" / "digits" / "1")).signatures
    model = Mind2Mind.load(model_folder)
    latent = model.sample_latent(4, seed=0)
    images = served["serving_default"](latent=tf.constant(latent))["images"].numpy()
    expected = np.rint((model.generate_from(latent) + 1) * 127.5)
    assert np.abs(images - expected).max() <= 1
    assert "sample" in served


def test_an_export_over_something_else_is_refused(refused, tmp_path, model_folder):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "old.txt").write_text("old")
    assert "--overwrite" in refused("export", "--model", model_folder, "--out", "1")


def test_an_export_of_no_model_leaves_nothing(refused):
    assert "gone" in refused("export", "--model", "gone", "--out", "exports/1")
