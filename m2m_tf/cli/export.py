"""Writes a model as a SavedModel that TensorFlow Serving loads.

Its signatures are serving_default, from latents to images, and sample, from a
number of images and a seed. TensorFlow Serving looks for a numbered folder, so
let --out end in one: exports/digits/1.
"""

from m2m_tf.cli import flags, output
from m2m_tf.cli.quiet import load_tensorflow

HELP = "write a model as a SavedModel for TensorFlow Serving"
EXAMPLE = "m2m export --model runs/demo/model --out exports/digits/1"


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    parser.add_argument("--out", required=True, help="the SavedModel's folder")
    flags.add_overwrite(parser)


def run(args):
    """Exports the model."""
    with output.new_folder(args.out, args.overwrite, inputs=[args.model]) as folder:
        load_tensorflow()
        from m2m_tf.minds import Mind2Mind

        Mind2Mind.load(args.model).export(folder)
    print(f"Wrote the SavedModel {args.out}")
