"""The arithmetic of pretraining."""

import keras
import pytest
from keras import layers

from m2m_tf.autoencoders.pretraining.precision import check_precision, layers_in


def test_auto_is_one_of_the_two():
    assert check_precision("auto") in ("float32", "bfloat16")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_what_is_asked_for_is_what_it_is(precision):
    assert check_precision(precision) == precision


def test_another_is_refused():
    with pytest.raises(ValueError, match="precision must be one of .*got 'float16'"):
        check_precision("float16")


def test_layers_compute_in_it_and_keep_their_weights_in_float32():
    with layers_in("bfloat16"):
        layer = layers.Dense(2)
    layer.build((None, 3))
    assert (layer.compute_dtype, layer.kernel.dtype) == ("bfloat16", "float32")


def test_the_policy_is_as_before_afterwards():
    with pytest.raises(RuntimeError), layers_in("bfloat16"):
        raise RuntimeError
    assert keras.config.dtype_policy().name == "float32"
