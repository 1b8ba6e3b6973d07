"""Makes new images with a model.

The name of --out says what is written: a grid of all images (.png), an animated
walk between latents (.gif or .webp, with --interpolate), or else a folder of
numbered PNG files, one an image.

A model of m2m transfer --conditional makes images of one class with --label, or with
--label each of all of them, one row a class; without --label, of each class as often as
it occurs in the target:

  m2m generate --model runs/0-9/model --num 100 --label each --out classes.png
"""

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow
from m2m_tf.runs.labels import EACH

HELP = "make new images with a model"
EXAMPLE = "m2m generate --model runs/demo/model --num 64 --out digits.png --seed 1"
PASSED_ON = ("num", "seed", "interpolate", "label", "truncation", "overwrite")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    parser.add_argument(
        "--num", type=flags.whole, default=64, help="images to make, or frames of the walk (64)"
    )
    parser.add_argument(
        "--out", required=True, help="x.png, x.gif, x.webp, or a folder; a folder may end in /"
    )
    parser.add_argument(
        "--seed", type=flags.seed, help="the same seed gives the same images; by default a new one"
    )
    parser.add_argument(
        "--interpolate", action="store_true", help="walk between latents instead of drawing each"
    )
    parser.add_argument(
        "--label",
        metavar="CLASS",
        help=f"the class to make, its name or number; or {EACH}, one row a class",
    )
    parser.add_argument(
        "--truncation",
        type=flags.share,
        default=1.0,
        help="below 1 to 0, images are more typical and less diverse (1)",
    )
    flags.add_overwrite(parser, "file or folder")


def run(args):
    """Makes the images and writes them as --out says."""
    load_tensorflow()
    from m2m_tf.runs.generate import generate

    count = generate(args.model, args.out, **{name: getattr(args, name) for name in PASSED_ON})
    print(f"Wrote {count} images to {args.out}")
