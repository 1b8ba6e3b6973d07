"""The generator as a LiteRT file."""

import numpy as np
import pytest

from m2m_tf.serving.formats import litert_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_many_latents_come_in_parts_and_a_name_may_be_given(drawn_model, tmp_path, monkeypatch):
    assert litert_file.write(LatentToImages(drawn_model), tmp_path, "a.tflite") == ["a.tflite"]
    inputs = draw_inputs(drawn_model, 7, seed=1)
    whole = litert_file.runner(tmp_path, "a.tflite")(inputs)
    monkeypatch.setattr(litert_file, "BATCH", 3)
    parts = litert_file.runner(tmp_path, "a.tflite")(inputs)
    assert parts["images"].shape == whole["images"].shape
    np.testing.assert_allclose(parts["values"], whole["values"], atol=1e-6)
