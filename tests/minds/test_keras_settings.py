"""Keras' global settings: a mind is made with those of a clean Keras, or it says so."""

import os
import subprocess
import sys

import keras
import pytest

import m2m_tf as m2m
from m2m_tf.minds.keras_settings import check_keras_settings

REFUSED = {
    "dtype policy": (keras.config.set_dtype_policy, ("mixed_float16", "mixed_bfloat16"), "float32"),
    "floatx": (keras.config.set_floatx, ("float64", "float16"), "float32"),
    "image data format": (
        keras.config.set_image_data_format,
        ("channels_first",),
        "channels_last",
    ),
}


@pytest.fixture(params=[(name, value) for name, row in REFUSED.items() for value in row[1]])
def other(request):
    """Sets one setting to another value; gives its name and that value."""
    name, value = request.param
    set_it, _, clean = REFUSED[name]
    set_it(value)
    yield name, value
    set_it(clean)


def test_the_settings_of_a_clean_keras_pass():
    check_keras_settings()


def test_another_setting_is_refused_by_the_constructor_with_what_mends_it(
    shared_autoencoder, other
):
    name, value = other
    said = f"expects Keras' {name} to be '{REFUSED[name][2]}'; it is '{value}'.*keras.*set_"
    with pytest.raises(ValueError, match=said):
        m2m.Mind2Mind(shared_autoencoder)


def test_a_setting_that_came_later_is_refused_by_fit(make_mind, some_codes):
    model = make_mind()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with pytest.raises(ValueError, match="dtype policy"):
            model.fit(some_codes)
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.slow
def test_another_backend_is_refused():
    program = "import m2m_tf as m2m\nm2m.Mind2Mind(None)"
    environment = {**os.environ, "KERAS_BACKEND": "numpy"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "ValueError: Mind2Mind expects Keras' backend to be 'tensorflow'" in run.stderr
