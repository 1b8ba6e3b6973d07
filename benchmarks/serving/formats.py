"""A generator in the form of each runtime: how far its images are from TensorFlow's, bytes, speed.

A mind on the autoencoder `universal` at 64x64 is trained a moment on the faces that come with the
package (weights do not change the time) and written in every form of `m2m export`. Each makes the
same 64 images, on this machine's CPU with as many threads as it takes by itself, in turn, so that a
slow minute slows them all.

    python benchmarks/serving/formats.py        (about 4 minutes on 2 cores)

Writes `benchmarks/results/formats.json`: the largest difference of a value in [-1, 1], the bytes of
the files, and images a second in each round. Each call loads nothing: sessions are kept.
"""

import functools
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import in_turn, spread
from m2m_tf.reports import write_json
from m2m_tf.serving.formats import litert_file, onnx_file, openvino_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs
from m2m_tf.serving.formats.quantized_file import options_of

ROUNDS = flags.DEFINE_integer("rounds", 7, "rounds", 1)
OUT = flags.DEFINE_string("out", "benchmarks/results/formats.json", "the result")

COUNT = 64  # images a call


def main(_):
    model = trained()
    inputs = draw_inputs(model, COUNT, seed=0)
    with tempfile.TemporaryDirectory(prefix="m2m-formats-") as folder:
        forms = written(model, Path(folder))
        expected = forms["TensorFlow SavedModel"]["run"](inputs)["values"]
        calls = {name: functools.partial(form["run"], inputs) for name, form in forms.items()}
        times = in_turn(calls, ROUNDS.value)
        found = {
            name: {
                "largest_difference": float(np.abs(form["run"](inputs)["values"] - expected).max()),
                "bytes": form["bytes"],
                "images_a_second": [COUNT / seconds for seconds in times[name]],
            }
            for name, form in forms.items()
        }
    for name, row in found.items():
        print(f"{name:28}{row['bytes']:>12,}{spread(row['images_a_second'], '{:,.0f}'):>28}")
    write_json(OUT.value, found)


def trained():
    """A mind of 64x64 faces, after a few steps."""
    autoencoder = m2m.Autoencoder.from_preset("universal", image_shape=(64, 64, 3))
    model = m2m.Mind2Mind(autoencoder, seed=0)
    model.compile()
    model.fit("demo:faces", epochs=1, steps_per_epoch=10, image_size=64, verbose=0)
    return model


def written(model, folder):
    """Each form, written: its bytes, and a function from inputs to outputs."""
    graph = LatentToImages(model)
    graph.export(str(folder / "saved"), input_signature=[graph.specs], verbose=False)
    for form in (onnx_file, openvino_file, litert_file):
        form.write(graph, folder)
    for precision in ("float16", "int8"):
        litert_file.write(graph, folder, f"{precision}.tflite", **options_of(precision))
    served = tf.saved_model.load(str(folder / "saved"))
    runs = {
        "TensorFlow SavedModel": (lambda inputs: _arrays(served.serve(inputs)), ["saved"]),
        "ONNX Runtime": (onnx_file.runner(folder), ["model.onnx"]),
        "OpenVINO": (openvino_file.runner(folder), ["model.xml", "model.bin"]),
        "LiteRT": (litert_file.runner(folder), ["model.tflite"]),
        "LiteRT, float16": (litert_file.runner(folder, "float16.tflite"), ["float16.tflite"]),
        "LiteRT, int8": (litert_file.runner(folder, "int8.tflite"), ["int8.tflite"]),
    }
    return {
        name: {"run": run, "bytes": sum(_bytes_of(folder / file) for file in files)}
        for name, (run, files) in runs.items()
    }


def _arrays(outputs):
    return {name: value.numpy() for name, value in outputs.items()}


def _bytes_of(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


if __name__ == "__main__":
    app.run(main)
