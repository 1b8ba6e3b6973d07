"""What Mind2Mind checks before it works, and what it says."""

import re
from pathlib import Path

import keras
import numpy as np

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.checks import check_finite, check_number, check_whole
from m2m_tf.codes import check_share
from m2m_tf.minds.flow import flow_of


def check_name(name):
    """Returns a model's name; refuses one under which TensorFlow can compile nothing."""
    if name is not None and not re.fullmatch("[A-Za-z0-9.][A-Za-z0-9_.-]*", str(name)):
        near = re.sub("[^A-Za-z0-9_.-]+", "_", str(name)).lstrip("_-") or "mind2mind"
        raise ValueError(
            "Mind2Mind's name has letters from a to z, digits, '_', '.' and '-', the first of them "
            f"a letter or a digit; got {name!r}. Give another, such as {near!r}."
        )
    return name


def check_settings(critic_steps, gradient_penalty, drift_penalty, average_decay):
    """Returns the settings as an int and three floats, or refuses those out of range."""
    return (
        check_whole("critic_steps", critic_steps),
        check_number("gradient_penalty is a weight of 0 or more", gradient_penalty),
        check_number("drift_penalty is a weight of 0 or more", drift_penalty),
        check_number("average_decay lies in [0, 1)", average_decay, below=1),
    )


def check_fit(epochs, initial_epoch, batch_size, validation_split):
    """Returns the numbers of a fit, three ints and a float, or refuses those out of range."""
    return (
        check_whole("epochs", epochs, at_least=0),
        check_whole("initial_epoch", initial_epoch, at_least=0),
        check_whole("batch_size", batch_size),
        check_share(validation_split),
    )


def check_autoencoder(autoencoder):
    """Refuses what is no Autoencoder."""
    if not isinstance(autoencoder, Autoencoder):
        raise ValueError(
            f"Mind2Mind expects a m2m.Autoencoder; got {autoencoder!r}. Make one: "
            "m2m.Autoencoder.from_preset(name), .load(folder) or Autoencoder(encoder, decoder)."
        )


def check_self_contained(autoencoder):
    """Refuses a .keras file for an autoencoder that is made of SavedModels."""
    if not autoencoder.is_self_contained:
        raise ValueError(
            f"The autoencoder '{autoencoder.name}' is made of SavedModels, which a .keras file "
            "cannot hold. Save to a folder: give model.save a path that does not end in .keras."
        )


def check_networks(generator, critic, code_shape, latent_dim, classes=0):
    """Refuses networks that do not fit the codes and classes; returns the width of the latent."""
    networks = {"generator": generator} | ({} if critic is None else {"critic": critic})
    for name, network in networks.items():
        if not isinstance(network, keras.Model) or not network.built:
            raise ValueError(
                f"Mind2Mind expects a built {name}, a keras.Model, since both networks train from "
                f"the first step; got {network!r}. Make it with keras.Input."
            )
        if not hasattr(network, "input_shape") or not hasattr(network, "output_shape"):
            raise ValueError(
                f"Mind2Mind expects a {name} that knows the shapes of its input and output, such "
                f"as keras.Model(inputs, outputs) or keras.Sequential; got {network!r}."
            )
    latent_shape = _without_label(generator.input_shape, classes)
    and_label = f" and one-hot labels (n, {classes})" if classes else ""
    mend = f" Make it with classes={classes}, or with inputs [.., label]." if classes else ""
    if generator.output_shape[1:] != code_shape or len(latent_shape or ()) != 2:
        raise ValueError(
            f"The generator must map latents (n, latent_dim){and_label} to codes "
            f"(n, {_inner(code_shape)}); it maps {generator.input_shape} to "
            f"{generator.output_shape}.{mend}"
        )
    if critic is not None:
        _check_critic(critic, code_shape, classes, and_label, mend)
    width = latent_shape[1]
    if latent_dim not in (None, width):
        raise ValueError(f"latent_dim is {latent_dim}, but the generator takes latents of {width}.")
    return width


def check_flow(generator, of_critic, prior):
    """Refuses what a flow cannot use: other networks, settings of a critic, a shared mixture."""
    if any(each is not None for each in of_critic):
        raise ValueError(
            "loss='flow' trains one network, by regression: it has no critic. Leave out critic, "
            "critic_steps, gradient_penalty and drift_penalty, or give another loss."
        )
    if generator is not None and flow_of(generator) is None:
        raise ValueError(
            "loss='flow' expects a generator that follows a flow, m2m.build_flow_generator(...), "
            f"or None for the default; got {generator!r}."
        )
    if prior == "shared_mixture":
        raise ValueError(
            "loss='flow' starts each code in its own component of the mixture; got "
            "prior='shared_mixture', whose components overlap. Give prior='mixture'."
        )


def _check_critic(critic, code_shape, classes, and_label, mend):
    codes_shape = _without_label(critic.input_shape, classes)
    if codes_shape is None or codes_shape[1:] != code_shape or critic.output_shape[1:] != (1,):
        raise ValueError(
            f"The critic must map codes (n, {_inner(code_shape)}){and_label} to scores (n, 1); it "
            f"maps {critic.input_shape} to {critic.output_shape}.{mend}"
        )


def _without_label(shape, classes):
    """The shape of a network's input beside its label; None where it takes other inputs."""
    shapes = shape if isinstance(shape, list) else [shape]
    labels = [(None, classes)] if classes else []
    return tuple(shapes[0]) if [tuple(each) for each in shapes[1:]] == labels else None


def check_has_networks(model):
    """Refuses a model whose networks wait for the number of axes."""
    if model.generator is None:
        raise ValueError(
            f"'{model.name}' has no networks yet: model.fit(target) chooses how many axes of the "
            "codes they work on. Call it first, or give Mind2Mind axes=64."
        )


def check_takes_weights(model):
    """Refuses to give weights to networks that wait for the number of axes."""
    if model.generator is None:
        raise ValueError(
            f"'{model.name}' has no networks yet that could take weights: fit chooses how many "
            "axes of the codes they work on. Give Mind2Mind the number that they were saved with, "
            "axes=N, first: their fit said it, and it is model.statistics.count there. Or save the "
            "whole model: model.save(path), Mind2Mind.load(path)."
        )


def check_count(count, encoded, batch_size, method="fit"):
    """Refuses a target smaller than a batch."""
    check_whole("batch_size", batch_size)
    if count < batch_size:
        held_out = f", {encoded - count} of them held out" if encoded > count else ""
        raise ValueError(
            f"Mind2Mind.{method} expects at least one batch of {batch_size} images; the target has "
            f"{encoded}{held_out}. Give more images, or a smaller batch: {method}(target, "
            f"batch_size={count}), or --batch_size={count} on the command line."
        )


def check_each_has_some(batch_size, replicas):
    """Refuses a batch that leaves a replica without a sample: each takes as many but the last."""
    if (replicas - 1) * -(-batch_size // replicas) >= batch_size:
        raise ValueError(
            f"Each of {replicas} replicas takes some of a batch; got batch_size={batch_size}. Give "
            f"a multiple of {replicas}, such as {-(-batch_size // replicas) * replicas}."
        )


def check_shared(batch_size, replicas):
    """Refuses a batch that the replicas cannot share."""
    if batch_size % replicas:
        raise ValueError(
            f"{replicas} replicas share each batch evenly; got batch_size={batch_size}. Give a "
            f"multiple of {replicas}."
        )


def check_truncation(truncation):
    """Returns the truncation as a float, or refuses what is none."""
    return check_number("A truncation lies in [0, 1]", truncation, most=1)


def check_steps_per_execution(steps, replicas):
    """Refuses several steps an execution where replicas share a batch, which Keras cannot do."""
    check_whole("steps_per_execution", steps)
    if steps > 1 and replicas > 1:
        raise ValueError(
            f"{replicas} replicas take one step at a time; got steps_per_execution={steps}. Leave "
            "it out."
        )


def check_is_new(path):
    """Refuses to write where something is already."""
    path = Path(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ValueError(
            f"'{path}' holds something already. Give another name, or overwrite=True to replace it."
        )


def check_latent(latent, latent_dim):
    """Returns the latents as float32; refuses another shape, and what is no finite number."""
    try:
        latent = np.asarray(latent, "float32")
    except (TypeError, ValueError):
        raise ValueError(
            f"Expected latents, numbers of shape (n, {latent_dim}); got {type(latent).__name__}. "
            "Batches of them are made one array by np.concatenate(list(batches))."
        ) from None
    check_latent_shape(latent, latent_dim)
    check_finite("Expected latents", latent, "model.sample_latent(n) draws some.")
    return latent


def check_latent_shape(latent, latent_dim):
    """Refuses latents, an array or a tensor, of another shape; how many may be unknown."""
    shape = tuple(latent.shape if hasattr(latent, "shape") else np.shape(latent))
    if len(shape) != 2 or shape[1] not in (None, latent_dim) or shape[0] == 0:
        images = " Figures of images: model.evaluate(images)." if len(shape) > 2 else ""
        raise ValueError(f"Expected latents of shape (n, {latent_dim}); got {shape}.{images}")


def _inner(shape):
    return ", ".join(map(str, shape))
