"""The generator as a TFLite file of fewer bits, and what they cost in FID."""

import numpy as np
import tensorflow as tf

from m2m_tf.features.extractor import of_scaled
from m2m_tf.metrics import measure
from m2m_tf.serving.formats import litert_file
from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs

PRECISIONS = {
    "float16": "weights in 16 bits",
    # In a trial, activations in 8 bits as well gave a file no smaller and images farther off.
    "int8": "weights in 8 bits, computed with in floats",
}


def write_quantized(model, folder, precision, real, extractor, seed=0):
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
    litert_file.write(LatentToImages(model), folder, name, **options_of(precision))
    inputs = draw_inputs(model, len(real), seed)
    made = litert_file.runner(folder, name)(inputs)["images"]
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
            "bytes": (folder / name).stat().st_size,
            "frechet_distance": {"float32": before, precision: after},
            "mean_difference_levels": levels,
        }
    }


def options_of(precision):
    """What TensorFlow's converter is told to write a precision."""
    options = {"optimizations": [tf.lite.Optimize.DEFAULT]}
    if precision == "float16":
        options["target_spec"] = {"supported_types": [tf.float16]}
    return options
