"""The generator as an ONNX file, for ONNX Runtime."""

import numpy as np

from m2m_tf.files.durable import replacing
from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs

NAME = "model.onnx"
OPSET = 17
COUNT, SEED, TOLERANCE = 64, 0, 1e-4  # of values in [-1, 1]


def write_onnx(model, folder):
    """Writes `model.onnx` and runs it: its images must be TensorFlow's.

    Inputs are `latent`, float32 `(n, latent_dim)`, and for a model with classes `label`, int32
    `(n,)`; outputs `values`, float32 in [-1, 1], and `images`, uint8, both `(n, h, w, c)`.

    Args:
        model: A `Mind2Mind`.
        folder: Where the file goes.

    Returns:
        What the card says of it: `{file name: facts}`.

    Raises:
        RuntimeError: If ONNX Runtime computes values that are not TensorFlow's within 1e-4.
    """
    import tf2onnx

    graph = LatentToImages(model)
    with replacing(folder / NAME) as unfinished:
        tf2onnx.convert.from_function(
            graph.function, graph.signature, opset=OPSET, output_path=str(unfinished)
        )
    inputs = draw_inputs(model, COUNT, SEED)
    apart = float(
        np.abs(run_onnx(folder / NAME, inputs)["values"] - _expected(graph, inputs)).max()
    )
    if not apart <= TOLERANCE:
        raise RuntimeError(f"ONNX Runtime gives other images than TensorFlow: {apart:.2g} apart.")
    what = f"ONNX, opset {OPSET}, latents to images; {apart:.1g} from TensorFlow at most"
    return {NAME: {"what": what, "largest_difference": apart}}


def run_onnx(path, inputs):
    """Runs an ONNX file on this machine's CPU; returns its outputs by name."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def _expected(graph, inputs):
    return graph.function(*inputs.values())["values"].numpy()
