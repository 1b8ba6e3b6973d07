"""What a fit trains on: a target, encoded once, and the codes that are held out."""

import dataclasses

import numpy as np
import tensorflow as tf

from m2m_tf.codes import CodeStore, check_share, encode_once
from m2m_tf.data.value_range import like
from m2m_tf.minds import checks
from m2m_tf.minds.classes import check_every_class_occurs
from m2m_tf.minds.labels import from_target, in_range_of, label_codes, labels_beside

LOOKED_AT = 1000  # codes
RANDOM = (
    "the model was made of a config, as keras.models.clone_model does, so its autoencoder has "
    "random weights where none were given: clone.set_weights(model.get_weights()), or "
    "m2m.Mind2Mind(model.autoencoder)"
)
OTHER_TARGET = (
    "The model was fitted to another target before, whose measure of codes and prior (the mixture "
    "that it starts from) it keeps: its latents are those of that target. model.measure_codes() "
    "after this call takes them from this one; a model of its own starts from it."
)


@dataclasses.dataclass(frozen=True)
class Target:
    """A target as a mind takes it.

    Attributes:
        encoded: The `CodeStore` of all its images.
        codes: That of those to train on.
        held_out: That of those which are never trained on; None without.
        validation_split: The share that was held out.
    """

    encoded: CodeStore
    codes: CodeStore
    held_out: CodeStore | None
    validation_split: float

    def is_other(self, record):
        """Whether what a model remembers is another target than this."""
        return bool(record) and record["fingerprint"] != self.encoded.fingerprint

    @property
    def run(self):
        """What tells a training on it from others."""
        run = {
            "fingerprint": self.encoded.fingerprint,
            "images": self.encoded.count,
            "validation_split": self.validation_split,
        }
        if self.encoded.value_range is not None:
            # and not who said it: images are the same whether it was found or given
            run["value_range"] = list(self.encoded.value_range)
        return run

    @property
    def record(self):
        """What a model remembers of it: `range_given_for` where its range was given, too."""
        given_for = self.encoded.range_given_for
        return self.run if given_for is None else {**self.run, "range_given_for": given_for}


def encode_target(model, target, labels, validation, batch_size, codes_dir, verbose, **loading):
    """Encodes a target for a mind, or finds its codes where they were made before.

    Args:
        model: The `Mind2Mind`.
        target, labels: As `Mind2Mind.fit` takes them.
        validation: Its `validation_split` and `validation_data`.
        batch_size: Codes a critic update; a smaller target is refused.
        codes_dir: A folder to keep the codes in, or None.
        verbose: 1 shows progress.
        **loading: How images are read.

    Returns:
        A `Target`.

    Raises:
        ValueError: If the target does not fit the autoencoder, its labels not the images or the
            classes, or what is left to train on is smaller than a batch.
    """
    split, data = validation
    if target is None:
        raise ValueError("Mind2Mind.fit expects a target: model.fit(images).")
    check_share(split)
    if data is not None and split:
        raise ValueError(
            "validation_data is what is held out, and validation_split the share of the target "
            "that is; got both. Leave one out."
        )
    loading = in_range_of(model, loading)
    how = {"verbose": verbose, "strategy": model.distribute_strategy, **loading}
    encoded, labelled = _encode(model, target, labels, codes_dir, how, model._encoded)
    if verbose:
        _say(model, encoded)
    codes, held_out = labelled.split(split)
    checks.check_count(codes.count, encoded.count, batch_size)
    checks.check_each_has_some(batch_size, model.replicas)
    if model.classes:
        check_every_class_occurs(codes.labels, model.classes)
    if data is not None:
        how = {**how, "strategy": None, **_read_like(encoded, loading)}
        _, held_out = _encode(model, *_pair(data), None, how)
    return Target(encoded, codes, held_out, split)


def _encode(model, target, labels, codes_dir, how, known=None):
    """The codes of a target; and these with the numbers of their labels."""
    target, labels = labels_beside(target, labels, model.classes)
    _check_is_no_other_code(target, model.autoencoder)
    by = from_target(labels, model.classes)
    encoded = encode_once(model.autoencoder, target, codes_dir, known=known, **how, **by)
    return encoded, label_codes(encoded, labels, model.classes)


def _check_is_no_other_code(target, autoencoder):
    """Refuses rows of numbers that are neither codes of the autoencoder nor images."""
    shape = np.shape(target) if isinstance(target, np.ndarray | tf.Tensor) else ()
    images, codes = (tuple(each) for each in (autoencoder.image_shape, autoencoder.code_shape))
    if len(shape) == 2 and tuple(shape[1:]) != codes:
        raise ValueError(
            f"Mind2Mind.fit expects images (n, {_inner(images)}), or their codes (n, "
            f"{_inner(codes)}), which autoencoder.encode(images) makes; got {tuple(shape)}. Flat "
            f"images need their shape back: images.reshape(-1, {_inner(images)})."
        )


def _inner(shape):
    return ", ".join(map(str, shape))


def _say(model, encoded):
    """Says what was done to the autoencoder's networks, and where its codes tell nothing apart."""
    if model.waits_for_weights and not model.is_trained:
        print(f"Note: {RANDOM}", flush=True)
    for note in model.autoencoder.notes:
        print(f"Note: {note}", flush=True)
    some = np.asarray(encoded.codes[:LOOKED_AT])
    if len(some) > 1 and (some == some[0]).all():
        print(f"Note: the first {len(some):,} images have the same code", flush=True)


def _read_like(encoded, loading):
    """In which range held-out images are read where it cannot be told: the target's."""
    if encoded.value_range is None or isinstance(loading["value_range"], tuple):
        return {}
    names = ("value_range", "range_given_for")
    return {"value_range": like({name: getattr(encoded, name) for name in names})}


def _pair(data):
    """Images and their labels, as Keras takes `validation_data`: `(x, y)`, or images alone."""
    if isinstance(data, tuple) and len(data) == 3 and np.ndim(data[2]) == 1:
        raise ValueError(
            "validation_data is images, or a pair of images and labels; got three, the last of "
            "which look like weights. Held-out images count alike: leave the weights out."
        )
    if not isinstance(data, tuple | list) or len(data) not in (1, 2):
        return data, None
    return data[0], data[1] if len(data) == 2 else None
