"""The generator as a TFLite file of fewer bits, and what they cost in FID."""

import numpy as np
import tensorflow as tf

from m2m_tf.features.extractor import of_scaled
from m2m_tf.files.being_made import TemporaryFolder
from m2m_tf.files.durable import write_durably
from m2m_tf.metrics import measure
from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs

PRECISIONS = {
    "float16": "weights in 16 bits",
    # In a trial, activations in 8 bits as well gave a file no smaller and images farther off.
    "int8": "weights in 8 bits, computed with in floats",
}
BATCH = 256


def write_tflite(model, folder, precision, real, extractor, seed=0):
    """Writes `model_PRECISION.tflite`, runs it, and measures the change in FID.

    Args:
        model: A `Mind2Mind`.
        folder: Where the file goes.
        precision: `"float16"` or `"int8"`.
        real: `Features` of the target's images.
        extractor: The `Extractor` that made them.
        seed: Seed of the latents: the model and the file generate from the same ones.

    Returns:
        What the card says of it: `{file name: facts}`.
    """
    name = f"model_{precision}.tflite"
    content = _convert(model, precision)
    write_durably(folder / name, content)
    inputs = draw_inputs(model, len(real), seed)
    made = run_tflite(content, inputs)["images"]
    expected = model.generate_from(inputs["latent"], label=inputs.get("label"))
    before, after = (
        measure(real, features, "frechet_distance", seed)["frechet_distance"].value
        for features in (of_scaled(extractor, expected), extractor(made, value_range=(0, 255)))
    )
    levels = float(np.abs(np.rint((expected + 1) * 127.5) - made).mean())
    return {
        name: {
            "what": f"TFLite, {PRECISIONS[precision]}: FID {after:.3g} against {before:.3g} "
            f"({extractor.name}, {len(real):,} images)",
            "bytes": len(content),
            "frechet_distance": {"float32": before, precision: after},
            "mean_difference_levels": levels,
        }
    }


def run_tflite(content, inputs):
    """Runs a TFLite file's bytes; returns its outputs by name."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(model_content=content).get_signature_runner("serving_default")
    count = len(inputs["latent"])
    parts = [
        runner(**{name: values[start : start + BATCH] for name, values in inputs.items()})
        for start in range(0, count, BATCH)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _convert(model, precision):
    with TemporaryFolder("tflite") as folder:
        # With variables the converter writes a file that computes with zeros.
        LatentToImages(model).save_frozen(folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, ["serving_default"])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if precision == "float16":
            converter.target_spec.supported_types = [tf.float16]
        return converter.convert()
