"""The generator as an ONNX file, for ONNX Runtime."""

import functools
import warnings

import numpy as np

NAME = "model.onnx"
OPSET = 17
WHAT = f"ONNX, opset {OPSET}"


def write(graph, folder):
    """Writes `model.onnx` of a `LatentToImages`."""
    _teach_erfc()
    with warnings.catch_warnings():  # Keras asks NumPy for a name that it no longer has
        warnings.simplefilter("ignore", FutureWarning)
        graph.write(folder / NAME, "onnx", opset_version=OPSET)
    return [NAME]


def runner(folder):
    """The function, on this machine's CPU, from inputs to outputs, both by their names."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(folder / NAME), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda inputs: dict(zip(names, session.run(names, inputs), strict=True))


@functools.cache
def _teach_erfc():
    """Lets tf2onnx convert Erfc, of which TensorFlow makes "gelu" and which ONNX has not."""
    from tf2onnx.handler import tf_op

    @tf_op("Erfc")
    class Erfc:
        @classmethod
        def version_9(cls, graph, node, **_):
            kinds = {"shapes": node.output_shapes, "dtypes": node.output_dtypes}
            graph.remove_node(node.name)
            erf = graph.make_node("Erf", node.input).output[0]
            one = graph.make_const(f"{node.name}/one", np.float32(1)).output[0]
            graph.make_node("Sub", [one, erf], name=node.name, outputs=node.output, **kinds)
