"""Writes a model as a SavedModel that TensorFlow Serving loads.

--out is the folder of all versions; this one is written into --out/VERSION, with a
model card: README.md and card.json. Signatures: serving_default (latents to images),
sample (a number of images, a seed and a truncation to images), png (the same as PNG
files), encode and reconstruct. A new process loads the export and compares its images
with the model's before this command says that it is done.

What m2m transfer, m2m evaluate or m2m demo left beside the model (metrics.json,
report.json) goes into the card. --format and --quantize write further files into the
version, which TensorFlow Serving passes over: model.onnx for ONNX Runtime, model.xml for
OpenVINO, model.tflite for LiteRT, and model_float16.tflite or model_int8.tflite of fewer
bits for small devices. They map latents to images, and each is run before this command
says that it is done.
"""

from pathlib import Path

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, say_wrote

HELP = "write a model as a SavedModel for TensorFlow Serving"
EXAMPLE = "m2m export --model runs/demo/model --out exports/digits"
PASSED_ON = ("version", "format", "quantize", "target", "extractor", "fallback_extractor")
PASSED_ON += ("num_images", "report", "licence", "overwrite")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    parser.add_argument(
        "--out", required=True, help="the folder of the versions; its name is the served model's"
    )
    parser.add_argument(
        "--version", type=flags.whole, default=1, help="a whole number of 1 or more (1)"
    )
    parser.add_argument(
        "--format",
        choices=("saved_model", "onnx", "openvino", "litert"),
        default="saved_model",
        help="the others write a file for that runtime too (saved_model)",
    )
    parser.add_argument(
        "--quantize",
        choices=("float16", "int8"),
        help="write a LiteRT (TFLite) file of this precision too, and report the change in FID",
    )
    parser.add_argument(
        "--target",
        help="the images that --quantize measures FID against; by default the target that"
        " metrics.json beside the model names",
    )
    flags.add_loading(parser)
    flags.add_measured(parser)
    parser.add_argument(
        "--report",
        help="the folder of m2m evaluate's report, for the card; by default the model's own run",
    )
    parser.add_argument("--licence", help="the licence of the model, for its card")
    flags.add_overwrite(parser, "version")


def run(args):
    """Exports the model."""
    load_tensorflow()
    from m2m_tf.runs.export import export

    card = export(
        args.model,
        args.out,
        **flags.loading(args),
        **{name: getattr(args, name) for name in PASSED_ON},
    )
    print("A new process loaded the export: its images are the model's")
    for name, said in card["files"].items():
        print(f"{name}: {said['what']}")
    folder = str(Path(args.out, str(args.version)))
    say_wrote(folder, "saved_model.pb", "README.md", "card.json", *card["files"])
