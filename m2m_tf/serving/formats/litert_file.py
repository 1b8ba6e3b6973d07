"""The generator as a LiteRT (TFLite) file, for small devices."""

import numpy as np

NAME = "model.tflite"
WHAT = "LiteRT (TFLite)"
BATCH = 256


def write(graph, folder, name=NAME, **options):
    """Writes a file of a `LatentToImages`, with options of TensorFlow's converter."""
    graph.write(folder / name, "litert", **options)
    return [name]


def runner(folder, name=NAME):
    """The function, on this machine's CPU, from inputs to outputs, both by their names."""
    from ai_edge_litert.interpreter import Interpreter

    signature = Interpreter(model_path=str(folder / name)).get_signature_runner("serving_default")

    def run(inputs):
        starts = range(0, len(inputs["latent"]), BATCH)
        batches = ({key: value[i : i + BATCH] for key, value in inputs.items()} for i in starts)
        parts = [signature(**batch) for batch in batches]
        return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}

    return run
