"""Makes new images with a model.

The name of --out says what is written: a grid of all images (.png), an animated
walk between latents (.gif or .webp, with --interpolate), or else a folder of
numbered PNG files, one an image.

A model of m2m transfer --conditional makes images of one class with --label, or with
--label each of all of them, one row a class; without --label, of each class as often as
it occurs in the target:

  m2m generate --model runs/0-9/model --num 100 --label each --out classes.png
"""

from pathlib import Path

from m2m_tf.cli import flags, output
from m2m_tf.cli.labels import EACH, asked_labels, rows_of_classes
from m2m_tf.cli.quiet import load_tensorflow

HELP = "make new images with a model"
EXAMPLE = "m2m generate --model runs/demo/model --num 64 --out digits.png --seed 1"


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
    suffix = check_out(args)
    load_tensorflow()
    from m2m_tf.minds import Mind2Mind

    model = Mind2Mind.load(args.model)
    labels = asked_labels(model, args)
    latents = draw_latents(model, args, labels)
    if suffix:
        write_file(args, model, latents, labels)
    else:
        write_folder(args, model, latents, labels)
    print(f"Wrote {len(latents)} images to {args.out}")


def check_out(args):
    """Refuses an --out that must not or cannot be written; returns its suffix, "" for a folder."""
    suffix = "" if args.out.endswith("/") or Path(args.out).is_dir() else Path(args.out).suffix
    suffix = suffix.lower()
    if suffix not in ("", ".png", ".gif", ".webp"):
        raise ValueError(
            f"--out is a .png, .gif or .webp file, or a folder; got '{args.out}'. Let a folder with"
            " a dot in its name end in /."
        )
    if suffix in (".gif", ".webp") and not args.interpolate:
        raise ValueError(
            f"'{args.out}' would be an animation, which needs --interpolate. Pass it, or give a"
            " .png file or a folder."
        )
    if args.interpolate and args.label == EACH:
        raise ValueError(f"A walk stays in one class; got --label {EACH}. Name the class.")
    if suffix:
        output.check_file(args.out, args.overwrite)
    else:
        output.check_folder(args.out, args.overwrite, inputs=[args.model])
    return suffix


def draw_latents(model, args, labels):
    """The latents of images of these labels: drawn one by one, or points of a walk."""
    from m2m_tf.pictures import walk
    from m2m_tf.pictures.interpolation import keys_for

    if not args.interpolate:
        count = args.num if labels is None else len(labels)
        return model.sample_latent(count, args.seed, labels, args.truncation)
    label = None if labels is None else labels[0]
    keys = model.sample_latent(keys_for(args.num), args.seed, label, args.truncation)
    return walk(keys, args.num)


def write_file(args, model, latents, labels):
    """Writes a grid or an animation."""
    from m2m_tf.pictures import save_grid, save_interpolation

    images = model.generate_from(latents, label=labels)
    if args.label == EACH:
        save_grid(args.out, images, rows_of_classes(model, args.num)[1])
    else:
        save_interpolation(args.out, images)


def write_folder(args, model, latents, labels):
    """Writes one PNG an image; memory does not grow with their number."""
    from tqdm import tqdm

    from m2m_tf.pictures import save_folder

    with output.new_folder(args.out, args.overwrite, inputs=[args.model]) as folder:
        at_once = model.autoencoder.at_once
        for start in tqdm(range(0, len(latents), at_once), unit="batch", disable=None):
            rows = slice(start, start + at_once)
            label = None if labels is None else labels[rows]
            images = model.generate_from(latents[rows], label=label)
            save_folder(folder, images, start)
