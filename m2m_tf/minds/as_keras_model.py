"""What Keras' own methods do with a mind: `predict` and `evaluate`."""

from typing import Any, NoReturn

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf.codes import CodeStore, encode_once
from m2m_tf.data.hints import ImageSource
from m2m_tf.features import Features
from m2m_tf.hints import Verbose
from m2m_tf.metrics import measure
from m2m_tf.minds import checks
from m2m_tf.minds.batches import as_no_class, checked_batches
from m2m_tf.minds.classes import number_labels
from m2m_tf.minds.keras_words import check_words, refuse_method
from m2m_tf.minds.labels import in_range_of

LEAST, MOST = 12, 10_000  # images that figures are measured on
FIGURES = ("frechet_distance", "sliced_w1")
LOADING = ("image_size", "resize", "fit", "value_range")


class AsKerasModel:
    """`Mind2Mind` as a `keras.Model`: what its methods take and give."""

    def predict(self, x: Any, *args: Any, **settings: Any) -> npt.NDArray[np.float32]:
        """Images of latents: `keras.Model.predict`. `generate` draws the latents, too.

        Args:
            x: Latents, float `(n, latent_dim)`; for a model with classes a pair
                `[latents, labels]` or a dictionary of `"latent"` and `"label"`, whose labels are
                numbers or names `(n,)`; or a `tf.data.Dataset` of batches of these, with numbers.
            *args, **settings: As Keras takes them: `batch_size`, `verbose`...

        Returns:
            float32 array `(n, height, width, channels)` in [-1, 1].

        Raises:
            ValueError: If the latents have another width, or labels are missing or no classes.
        """
        if isinstance(x, tf.data.Dataset):
            x = checked_batches(x, self.latent_dim, self.num_classes)
        elif isinstance(x, keras.utils.PyDataset):
            _check_first(self, x)
        else:
            x = self._checked(x)
        try:
            return super().predict(x, *args, **settings)
        except tf.errors.InvalidArgumentError as error:
            raise as_no_class(error, self.num_classes) from None

    def predict_on_batch(self, x: Any) -> npt.NDArray[np.float32]:
        """Images of one batch of latents: `keras.Model.predict_on_batch`.

        Args:
            x: As `predict` takes it, but no dataset.

        Returns:
            float32 array `(n, height, width, channels)` in [-1, 1].

        Raises:
            ValueError: If the latents have another width, or labels are missing or no classes.
        """
        return super().predict_on_batch(self._checked(x))

    def _checked(self, x):
        """Latents as float32, or a list of them and the numbers of their labels."""
        latent, label = latent_and_label(x)
        latent = checks.check_latent(latent, self.latent_dim)
        check_labelled(self, label)
        label = self.sample_labels(len(latent), seed=0, label=label)
        return latent if label is None else [latent, label]

    def evaluate(
        self,
        target: ImageSource | CodeStore | None = None,
        labels: Any = None,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        return_dict: bool = False,
        **settings: Any,
    ) -> list[float] | dict[str, float]:
        """The figures of `m2m.evaluate` that cost no more than encoding the images.

        Generated codes beside those of the target, standardised as the mind sees them: as
        `m2m.callbacks.Evaluation` names them, `codes_frechet_distance` and `codes_sliced_w1`; the
        lower the better. Images, their floor and the verdict are `m2m.evaluate(model, target)`.

        Args:
            target: Images or codes, as `fit` takes them, 12 or more; 10,000 are looked at.
            labels: Keras' second argument; classes have no part in it.
            batch_size: Keras' own; it changes nothing.
            verbose: 0 shows no progress bar.
            return_dict: Whether names come with the figures.
            **settings: How images are read, as `fit` takes it: `image_size`, `resize`, `fit`.

        Returns:
            A list of floats in that order; a dictionary for `return_dict=True`.

        Raises:
            ValueError: If the images do not fit or are fewer than 12.
        """
        loading = {name: settings.pop(name) for name in LOADING if name in settings}
        check_words("evaluate", settings, ("target", "verbose", "return_dict", *LOADING))
        checks.check_has_networks(self)
        loading = in_range_of(self, loading)
        store = encode_once(self.autoencoder, target, verbose=verbose, **loading)
        if store.count < LEAST:
            raise ValueError(
                f"Mind2Mind.evaluate expects {LEAST} images or more; got {store.count}."
            )
        rows = np.linspace(0, store.count - 1, min(store.count, MOST)).astype(int)
        real = _standardised(self, np.asarray(store.codes[rows]))
        made = _standardised(self, self.generate_codes(len(rows), seed=0))
        found = {f"codes_{name}": float(x) for name, x in measure(real, made, FIGURES).items()}
        return found if return_dict else list(found.values())

    def train_on_batch(self, *args: Any, **settings: Any) -> NoReturn:
        """Refused: codes come in the model's own order, to `fit`."""
        refuse_method("train_on_batch")

    def test_on_batch(self, *args: Any, **settings: Any) -> NoReturn:
        """Refused: figures of a batch say nothing; `evaluate` takes all images."""
        refuse_method("test_on_batch")


def latent_and_label(inputs):
    """The latent of what a model is called with, and its label or None."""
    if isinstance(inputs, dict):
        return inputs.get("latent"), inputs.get("label")
    if isinstance(inputs, list | tuple) and len(inputs) == 2 and len(np.shape(inputs[0])) == 2:
        return inputs
    return inputs, None


def check_called(model, latent, label):
    """Refuses what is no latent of a model, or has no label where there are classes."""
    checks.check_has_networks(model)
    checks.check_latent_shape(latent, model.latent_dim)
    check_labelled(model, label)
    if label is not None and model.classes:
        if not _is_symbolic(label):
            number_labels(np.asarray(label), model.classes)
        _check_is_one_each(latent, label)


def check_labelled(model, label):
    """Refuses latents without labels where a model has classes."""
    if label is None and model.classes:
        raise ValueError(
            f"'{model.name}' has classes, so it takes latents and labels: "
            "model.predict([latents, labels]). model.generate(n) draws both."
        )


def _check_is_one_each(latent, label):
    """Refuses labels of another number than latents; how many there are may be unknown."""
    shape = label.shape if hasattr(label, "shape") else np.shape(label)
    if not tf.TensorShape(latent.shape[:1]).is_compatible_with(shape):
        raise ValueError(
            f"Each latent has one label: expected labels of shape ({latent.shape[0]},); got "
            f"{tuple(shape)}."
        )


def _check_first(model, batches):
    """Refuses a `PyDataset` whose first batch is none of the model's latents, before Keras runs."""
    if batches.num_batches != 0:
        latent, label = latent_and_label(keras.utils.unpack_x_y_sample_weight(batches[0])[0])
        checks.check_latent_shape(latent, model.latent_dim)
        check_labelled(model, label)


def _is_symbolic(label):
    """Whether it has no values yet: in a graph they are not looked at."""
    return tf.is_symbolic_tensor(label) or isinstance(label, keras.KerasTensor)


def _standardised(model, codes):
    """Codes, flat and as the mind sees them, as the features that they are."""
    flat = np.asarray(model.statistics.standardise(codes))
    return Features(flat.reshape(len(codes), -1), "standardised codes")
