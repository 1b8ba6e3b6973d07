"""Evaluation: figures of quality among the logs, while a mind trains."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from m2m_tf.callbacks.checks import check_every, check_model, is_due
from m2m_tf.callbacks.target import LEAST, check_target, decoded_features, sample_target
from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.codes import CodeStore
from m2m_tf.data.hints import ImageSource
from m2m_tf.features import Extractor, Features, check_extractor, get_extractor
from m2m_tf.metrics import METRICS, Figure, measure
from m2m_tf.minds import Mind2Mind

CODES = "codes_"  # begins the log's name of a figure that is measured on codes


class Evaluation(keras.callbacks.Callback):
    """Adds figures of quality to the logs at the end of an epoch; by default, lower is better:

    | log | what | measured |
    |---|---|---|
    | `codes_sliced_w1` | sliced Wasserstein-1 | on codes, `every` epochs |
    | `codes_frechet_distance` | Fréchet distance | on codes, `every` epochs |
    | `frechet_distance` | Fréchet distance, "FID" | on features, `image_every` epochs |
    | `kernel_distance` | kernel distance, "KID" | on features, `image_every` epochs |

    Codes are standardised as the mind sees them. Features are the extractor's, whose name every
    `Figure` in `measured` carries: figures of two extractors do not compare. The same latents are
    used each time, so that what changes is the mind. Figures of fewer images than
    `m2m.evaluate` takes are higher: compare them along one run only.

    `codes_sliced_w1` looks along random directions, and few of them see how code values depend on
    each other: it can rise while images get better. To choose or to stop, take
    `codes_frechet_distance`, or `frechet_distance` where images are measured often enough.

    Put it before all callbacks that read the logs: `EarlyStopping`, `ModelCheckpoint`,
    `CSVLogger`, `TensorBoard`. Each figure is first measured in the first epoch, then in each
    `every`-th and in the last one. The logs of the epochs between repeat it, so that every epoch
    has every log: the patience of an `EarlyStopping` counts them too.

    Args:
        target: What to compare with: images or codes, as `fit` takes them. By default the codes
            that `fit(validation_split=...)` holds out, or else those that the mind trains on. Of
            codes, the image-space figures take what the decoder makes of them: what the
            autoencoder loses is then left out.
        every: Epochs from one measurement on codes to the next; None for none at all.
        image_every: Epochs from one measurement on images to the next; None for none at all.
        extractor: As `m2m_tf.features.get_extractor` takes it.
        num_images: Images, or codes, of each side; of a smaller target all.
        seed: Seed of the latents, of what is drawn from the target, and of the metrics.
        code_metrics: Names out of `m2m_tf.metrics.METRICS`, measured on codes.
        image_metrics: The same, measured on features.

    Attributes:
        measured: `{epoch: {log: Figure}}` of the last `fit`, epochs counted from 1: the figures
            that were measured, with extractor, counts and what limits them.
        compared_with: `"target images"`, `"target codes"`, `"held-out codes"` or
            `"training codes"`.

    Raises:
        ValueError: If a setting is out of range, an extractor or a metric is unknown, the target
            does not fit or has fewer than 12 images, or the model is no `Mind2Mind`.

    Example:

    ```python
    evaluation = m2m.callbacks.Evaluation(every=1, image_every=10)
    stop = keras.callbacks.EarlyStopping(monitor="codes_frechet_distance", mode="min", patience=5)
    history = model.fit(target_ds, epochs=100, validation_split=0.1, callbacks=[evaluation, stop])
    history.history["frechet_distance"]
    ```
    """

    def __init__(
        self,
        target: ImageSource | CodeStore | None = None,
        every: int | None = 1,
        image_every: int | None = 10,
        extractor: Extractor | keras.Model | str = "auto",
        num_images: int = 2000,
        seed: int = 0,
        code_metrics: Sequence[str] = ("sliced_w1", "frechet_distance"),
        image_metrics: Sequence[str] = ("frechet_distance", "kernel_distance"),
    ) -> None:
        super().__init__()
        check_target(target)
        check_every("every", every)
        check_every("image_every", image_every)
        if every is None and image_every is None:
            raise ValueError("Evaluation measures nothing: give every= or image_every=.")
        check_extractor(extractor)
        check_whole("num_images", num_images, at_least=LEAST)
        check_short_seed(seed)
        self.target = target
        self.every = every
        self.image_every = image_every
        self.extractor = extractor
        self.num_images = num_images
        self.seed = seed
        self.code_metrics: tuple[str, ...] = _checked_metrics("code_metrics", code_metrics)
        self.image_metrics: tuple[str, ...] = _checked_metrics("image_metrics", image_metrics)
        self.measured: dict[int, dict[str, Figure]] = {}
        self.compared_with: str | None = None

    def set_model(self, model: Mind2Mind) -> None:
        check_model(model, "Evaluation")
        super().set_model(model)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        shape = self.model.autoencoder.image_shape
        self._extractor = get_extractor(self.extractor, shape) if self.image_every else None
        target = sample_target(self.model, self.target, self._extractor, self.num_images, self.seed)
        self.compared_with = target.kind
        self._codes = self._standardised(target.codes)
        self._features = target.features
        self.measured = {}
        self._logs = {}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        first, last = not self._logs, self.params["epochs"] - 1
        on_codes = self.every and (first or is_due(epoch, self.every, last))
        on_images = self.image_every and (first or is_due(epoch, self.image_every, last))
        if on_codes or on_images:
            self._measure(epoch, on_codes, on_images)
        if logs is not None:
            logs.update(self._logs)

    def _measure(self, epoch, on_codes, on_images):
        codes = self.model.generate_codes(self.num_images, self.seed)
        if not np.isfinite(codes).all():  # the mind has diverged: other callbacks may say so
            names = (*self._names(CODES, on_codes), *self._names("", on_images))
            self._logs.update(dict.fromkeys(names, float("nan")))
            return
        figures = {}
        if on_codes:
            generated = self._standardised(codes)
            found = measure(self._codes, generated, self.code_metrics, self.seed)
            figures.update({CODES + name: figure for name, figure in found.items()})
        if on_images:
            generated = decoded_features(self.model.autoencoder, codes, self._extractor)
            figures.update(measure(self._features, generated, self.image_metrics, self.seed))
        self.measured[epoch + 1] = figures
        self._logs.update({name: float(figure) for name, figure in figures.items()})

    def _names(self, space, due):
        """The logs of one space, where they are due."""
        metrics = self.code_metrics if space == CODES else self.image_metrics
        return [space + name for name in metrics] if due else []

    def _standardised(self, codes):
        """Codes, flat and standardised as the mind sees them, as the features that they are."""
        flat = self.model.statistics.standardise(codes).numpy()
        return Features(flat.reshape(len(codes), -1), "standardised codes")


def _checked_metrics(setting, metrics):
    metrics = (metrics,) if isinstance(metrics, str) else tuple(metrics)
    if not metrics or not set(metrics) <= set(METRICS):
        raise ValueError(
            f"{setting} expects one name or more out of {', '.join(METRICS)}; got {metrics!r}."
        )
    return metrics
