"""What needs an extra says which."""

import pytest

from m2m_tf.runs.extra import needs_extra


def test_a_package_that_is_missing_is_named_with_its_extra():
    needs_extra("onnx", "json", "os")
    with pytest.raises(ValueError, match=r"needs no_such_a, no_such_b, .*'m2m_tf\[onnx\]'"):
        needs_extra("onnx", "no_such_a", "json", "no_such_b")
