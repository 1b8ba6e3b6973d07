"""The generator as a LiteRT (TFLite) file, for small devices."""

import numpy as np

NAME = "model.tflite"
WHAT = "LiteRT (TFLite)"
BATCH = 256


def write(graph, folder, name=NAME, **options):
    """Writes a file of a `LatentToImages`, with options of TensorFlow's converter."""
    graph.write(folder / name, "litert", **options)
    return [name]


def run(folder, inputs, name=NAME):
    """Runs it on this machine's CPU; returns its outputs by name."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(model_path=str(folder / name)).get_signature_runner("serving_default")
    count = len(inputs["latent"])
    parts = [
        runner(**{name: values[start : start + BATCH] for name, values in inputs.items()})
        for start in range(0, count, BATCH)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
