"""SampleGrid: how the same latents look as training goes on."""

import importlib.util
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf.callbacks.checks import check_model, is_due
from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.hints import StrPath
from m2m_tf.minds import Mind2Mind
from m2m_tf.pictures import grid
from m2m_tf.pictures.files import save_png
from m2m_tf.pictures.pixels import scale_to_show

SHOWN_SIDE = 56  # pixels: smaller images are enlarged to it


class SampleGrid(keras.callbacks.Callback):
    """Saves a grid of generated images during training, of the same latents each time.

    Its place in the list of callbacks does not matter.

    Args:
        out_dir: The folder for `epoch-0001.png` and so on; made where it is missing. Files of the
            same epoch are replaced.
        num_images: Images a grid.
        every: Epochs from one grid to the next; the last epoch always gives one.
        seed: Seed of the latents.
        log_dir: A folder for TensorBoard, where the grids are shown as `samples`; None for none.

    Raises:
        ValueError: If a setting is out of range, `out_dir` is a file, `log_dir` is given and
            tensorboard is not installed, or the model is no `Mind2Mind`.

    Example:

    ```python
    grids = m2m.callbacks.SampleGrid("runs/samples", every=5)
    model.fit(target_ds, epochs=30, callbacks=[grids])  # epoch-0005.png, epoch-0010.png...
    ```
    """

    def __init__(
        self,
        out_dir: StrPath,
        num_images: int = 64,
        every: int = 1,
        seed: int = 0,
        log_dir: StrPath | None = None,
    ) -> None:
        super().__init__()
        check_whole("num_images", num_images)
        check_whole("every", every)
        check_short_seed(seed)
        if Path(out_dir).exists() and not Path(out_dir).is_dir():
            raise ValueError(f"SampleGrid expects a folder; '{out_dir}' is a file.")
        if log_dir is not None and importlib.util.find_spec("tensorboard") is None:
            raise ValueError("SampleGrid(log_dir=...) needs tensorboard: pip install tensorboard")
        self.out_dir: Path = Path(out_dir)
        self.num_images = num_images
        self.every = every
        self.seed = seed
        self.log_dir = log_dir
        self.labels: npt.NDArray[np.int32] | None = None
        self.latent: npt.NDArray[np.float32] | None = None
        self._writer = None

    def set_model(self, model: Mind2Mind) -> None:
        check_model(model, "SampleGrid")
        super().set_model(model)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.labels = self.model.sample_labels(self.num_images, self.seed)
        self.latent = self.model.sample_latent(self.num_images, self.seed, self.labels)
        self._epoch = self._saved = None
        if self.log_dir is not None:
            self._writer = tf.summary.create_file_writer(str(self.log_dir))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch
        last = epoch if self.model.stop_training else self.params["epochs"] - 1
        if is_due(epoch, self.every, last):
            self._save(epoch)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self._epoch != self._saved:  # a later callback stopped the training
            self._save(self._epoch)
        if self._writer is not None:
            self._writer.close()

    def _save(self, epoch):
        images = self.model.generate_from(self.latent, label=self.labels)
        picture = grid(images, scale=scale_to_show(images.shape[1:3], SHOWN_SIDE))
        save_png(self.out_dir / f"epoch-{epoch + 1:04d}.png", picture)
        self._saved = epoch
        if self._writer is not None:
            with self._writer.as_default(step=epoch):
                tf.summary.image("samples", picture[None])
            self._writer.flush()
