"""metrics.json: what a run did, in figures that a program can read."""

import importlib
import json
import platform

import tensorflow as tf

from m2m_tf.files.durable import write_durably
from m2m_tf.minds.flow import flow_of
from m2m_tf.version import __version__

PACKAGES = ("tensorflow", "keras", "numpy")


def figures_of(model, choices, seed, history, seconds):
    """The figures of a finished run, a dictionary that JSON can hold.

    Args:
        model: The fitted `Mind2Mind`.
        choices: What the run was asked to do, `{argument: value}`.
        seed: Its seed.
        history: What `fit` returned.
        seconds: `{step: seconds}`.
    """
    return {
        "command": "transfer",
        "choices": choices,
        "seed": seed,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "losses": {name: list(map(float, values)) for name, values in history.history.items()},
        "sizes": sizes(model),
        "guidance": guidance_of(model),
        "codes_from_cache": model.codes.from_cache,
        "notes": list(model.codes.notes),
        "skipped": [{"file": name, "reason": reason} for name, reason in model.codes.skipped],
        "versions": versions(),
        "repeatable": repeatable(model, choices),
    }


def write_metrics(path, figures):
    """Writes the figures as JSON that people can read too."""
    write_durably(path, (json.dumps(figures, indent=2) + "\n").encode())


def sizes(model):
    """The number and shape of images and codes, and each network's parameters."""
    autoencoder = model.autoencoder
    networks = {
        "encoder": autoencoder.encoder,
        "decoder": autoencoder.decoder,
        "generator": model.generator,
        "critic": model.critic,
    }
    return {
        "images": model.trained_on["images"],
        "held_out": model.trained_on["images"] - model.codes.count,
        "image_shape": list(autoencoder.image_shape),
        "code_shape": list(autoencoder.code_shape),
        "parameters": {
            name: network.count_params() for name, network in networks.items() if network
        },
    }


def guidance_of(model):
    """How far the model follows its flow, 0 being its start; None where it has no flow."""
    flow = flow_of(model.average)
    return None if flow is None else round(float(flow.guidance), 3)


def repeatable(model, choices):
    """What the same command makes again, bit for bit, on the same machine, and what may differ."""
    same, may_differ = ["codes"], ["losses", "weights", "images"]
    if not choices.get("minutes"):  # a clock stops no training at the same epoch twice
        same, may_differ = same + may_differ, []
    if tf.config.list_logical_devices("GPU"):  # they add up in an order that changes
        same, may_differ = [], same + may_differ
    return {
        "replicas": model.replicas,
        "the_same_again": same,
        "may_differ": ["seconds", *may_differ],
    }


def versions():
    """The version of Python and of each package that the figures depend on."""
    packages = {name: importlib.import_module(name).__version__ for name in PACKAGES}
    return {"python": platform.python_version(), "m2m_tf": __version__, **packages}
