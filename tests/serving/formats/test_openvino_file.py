"""The generator as OpenVINO reads it."""

import pytest

from m2m_tf.serving.formats import openvino_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages
from tests.extras import module_of
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_inputs_and_outputs_have_the_names_of_the_other_forms(drawn_model, tmp_path):
    openvino = module_of("openvino", "openvino")
    files = openvino_file.write(LatentToImages(drawn_model), tmp_path)
    assert files == ["model.xml", "model.bin"] and all(
        (tmp_path / file).is_file() for file in files
    )
    made = openvino.Core().read_model(tmp_path / "model.xml")
    assert {each.any_name for each in made.inputs} <= {"latent", "label"}
    assert {each.any_name for each in made.outputs} == {"values", "images"}
    assert made.inputs[0].partial_shape[0].is_dynamic
