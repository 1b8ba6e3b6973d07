"""What runs take where nothing is said is what the commands show, and can be had."""

import inspect

import m2m_tf
from m2m_tf.cli import main
from m2m_tf.runs import defaults
from m2m_tf.runs.transfer import transfer


def test_a_command_and_its_call_start_from_the_same():
    arguments = ["m2m", "transfer", "--target=t", "--out=o", "--autoencoder=a"]
    flags = vars(main.parse(arguments))
    parameters = inspect.signature(transfer).parameters
    for name in ("epochs", "batch_size", "validation_split"):
        assert flags[name] == parameters[name].default == getattr(defaults, name.upper())
    assert parameters["autoencoder"].default == defaults.AUTOENCODER


def test_the_autoencoder_that_is_taken_comes_with_the_package():
    assert defaults.AUTOENCODER in m2m_tf.presets()
