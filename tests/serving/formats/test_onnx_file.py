"""The generator as an ONNX file."""

import pytest

from m2m_tf.serving.formats import onnx_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages
from tests.extras import module_of
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_the_file_is_whole_of_the_opset_it_names_and_takes_any_number(drawn_model, tmp_path):
    onnx = module_of("onnx", "onnx")
    assert onnx_file.write(LatentToImages(drawn_model), tmp_path) == ["model.onnx"]
    made = onnx.load(tmp_path / "model.onnx")
    onnx.checker.check_model(made, full_check=True)
    assert [each.version for each in made.opset_import if not each.domain] == [onnx_file.OPSET]
    first = made.graph.input[0].type.tensor_type.shape.dim[0]
    assert not first.dim_value
