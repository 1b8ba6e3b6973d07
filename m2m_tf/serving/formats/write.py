"""The forms of other runtimes, by name: each is written and then run, before it is believed."""

import numpy as np

from m2m_tf.serving.formats import litert_file, onnx_file, openvino_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs

FORMATS = {"onnx": onnx_file, "openvino": openvino_file, "litert": litert_file}
COUNT, SEED, TOLERANCE = 64, 0, 1e-4  # of values in [-1, 1]
LONGEST = 300  # characters of what a library says


def write_format(name, model, folder):
    """Writes a model in a form and runs it: its images must be TensorFlow's.

    Inputs are `latent`, float32 `(n, latent_dim)`, and for a model with classes `label`, int32
    `(n,)`; outputs `values`, float32 in [-1, 1], and `images`, uint8, both `(n, h, w, c)`.

    Args:
        name: `"onnx"`, `"openvino"` or `"litert"`.
        model: A `Mind2Mind`.
        folder: Where the files go.

    Returns:
        What the card says of them: `{file name: facts}`.

    Raises:
        RuntimeError: If the model has something that the form or its runtime does not know, or the
            runtime computes values that are not TensorFlow's within 1e-4.
    """
    form, graph = FORMATS[name], LatentToImages(model)
    inputs = draw_inputs(model, COUNT, SEED)
    files, values = _written_and_run(form, graph, folder, inputs)
    apart = float(np.abs(values - graph(inputs)["values"].numpy()).max())
    if not apart <= TOLERANCE:
        raise RuntimeError(
            f"{form.WHAT}: the runtime gives other images than TensorFlow, {apart:.2g} apart."
        )
    what = f"{form.WHAT}, latents to images; {apart:.1g} from TensorFlow at most"
    size = sum((folder / file).stat().st_size for file in files)
    return {form.NAME: {"what": what, "largest_difference": apart, "bytes": size}}


def _written_and_run(form, graph, folder, inputs):
    """The names of the files, and the values that the runtime computes."""
    try:
        return form.write(graph, folder), form.runner(folder)(inputs)["values"]
    except Exception as error:  # each library has errors of its own, and some are bare
        said = " ".join(str(error).split())[:LONGEST]
        raise RuntimeError(
            f"{form.WHAT}: this model cannot be written in it: {type(error).__name__}, {said}. "
            "Leave --format out: TensorFlow's own form holds every model."
        ) from error
