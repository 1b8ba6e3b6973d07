"""The forms of other runtimes: each is run before it is believed."""

import numpy as np
import pytest

from m2m_tf.runs.export import PACKAGES
from m2m_tf.serving.formats import write
from m2m_tf.serving.formats.latent_to_images import draw_inputs
from m2m_tf.serving.formats.write import FORMATS, write_format
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]

pytestmark = pytest.mark.slow


def test_each_form_has_the_packages_of_an_extra():
    assert FORMATS.keys() == PACKAGES.keys()


@pytest.mark.parametrize("name", FORMATS)
def test_a_form_gives_the_models_images_for_any_number_of_latents(drawn_model, tmp_path, name):
    ((file, facts),) = write_format(name, drawn_model, tmp_path).items()
    assert facts["largest_difference"] <= 1e-4
    assert facts["bytes"] == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert (tmp_path / file).is_file() and "latents to images" in facts["what"]
    for count in (1, 300):
        inputs = draw_inputs(drawn_model, count, seed=2)
        expected = drawn_model.generate_from(inputs["latent"], label=inputs.get("label"))
        found = FORMATS[name].runner(tmp_path)(inputs)
        np.testing.assert_allclose(found["values"], np.clip(expected, -1, 1), atol=1e-4)
        assert found["images"].dtype == np.uint8
        assert np.abs(found["images"] - np.round((expected + 1) * 127.5)).max() <= 1


def test_a_form_whose_runtime_computes_other_images_is_refused(drawn_model, tmp_path, monkeypatch):
    monkeypatch.setattr(write, "TOLERANCE", -1.0)
    with pytest.raises(RuntimeError, match="gives other images than TensorFlow"):
        write_format("onnx", drawn_model, tmp_path)
