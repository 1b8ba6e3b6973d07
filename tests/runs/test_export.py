"""An export checks its output and its settings before a model is loaded."""

import pytest

from m2m_tf.runs.export import export


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"version": 0}, "version"),
        ({"num_images": 0}, "num_images"),
        ({"format": "pb"}, "format must be one of 'saved_model', 'onnx', 'openvino', 'litert'"),
        ({"quantize": "int4"}, "quantize"),
        ({"extractor": "incepton"}, "got 'incepton'"),
        ({"resize": "cubic"}, "resize"),
    ],
)
def test_a_bad_argument_is_refused_before_the_model_is_read(settings, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        export("not/there", tmp_path / "out", **settings)
    assert not list(tmp_path.iterdir())


def test_the_output_is_the_folder_of_all_versions(tmp_path):
    with pytest.raises(ValueError, match="not of one.*--version 3"):
        export("not/there", tmp_path / "out" / "3")
    for version in ("1", "7"):
        (tmp_path / "out" / version).mkdir(parents=True)
        (tmp_path / "out" / version / "saved_model.pb").write_bytes(b"mine")
    with pytest.raises(ValueError, match="Version 1 is there already.*--version 8"):
        export("not/there", tmp_path / "out")


def test_a_run_that_was_interrupted_says_so(tmp_path):
    (tmp_path / ".run.unfinished").mkdir()
    with pytest.raises(ValueError, match="its training never finished"):
        export(tmp_path / "run" / "model", tmp_path / "out")
    assert not (tmp_path / "out").exists()
