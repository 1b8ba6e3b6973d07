"""The generator in fewer bits, and what they cost."""

import numpy as np
import pytest

from m2m_tf import data
from m2m_tf.features import get_extractor
from m2m_tf.serving.formats import litert_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages
from m2m_tf.serving.formats.quantized_file import write_quantized
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_fewer_bits_are_fewer_bytes_and_say_what_they_cost(drawn_model, digits, tmp_path):
    extractor = get_extractor("auto", drawn_model.autoencoder.image_shape)
    real = extractor(data.scaled(digits[:100]))
    litert_file.write(LatentToImages(drawn_model), tmp_path)
    sizes = [(tmp_path / "model.tflite").stat().st_size]
    for precision in ("float16", "int8"):
        facts = write_quantized(drawn_model, tmp_path, precision, real, extractor)
        ((file, facts),) = facts.items()
        assert file == f"model_{precision}.tflite"
        assert (tmp_path / file).stat().st_size == facts["bytes"]
        assert set(facts["frechet_distance"]) == {"float32", precision}
        assert np.isfinite(list(facts["frechet_distance"].values())).all()
        assert facts["mean_difference_levels"] < 2
        sizes.append(facts["bytes"])
    assert sizes == sorted(sizes, reverse=True) and sizes[1] < 0.6 * sizes[0]
