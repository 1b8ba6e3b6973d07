"""Tells before training whether an autoencoder suits a target.

Writes report.html (opens from disk, pictures inside) and report.json: what the
autoencoder loses of the target, the floor (the reconstruction FID), what a
Gaussian and a mixture of Gaussians on the codes reach, how much of the codes is
used, the bounds' constants and the theorem's bound term by term, and a verdict.
With several autoencoders: the same for each, ranked by what they predict.
"""

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_reads, say_wrote
from m2m_tf.runs.defaults import AUTOENCODER

HELP = "tell before training whether an autoencoder suits a target"
EXAMPLE = (
    "m2m assess --autoencoder fashion_mnist_28 glyphs_28 --target demo:digits --out runs/assess"
)


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--autoencoder",
        default=[AUTOENCODER],
        nargs="+",
        metavar="A",
        help="presets' names (m2m presets), autoencoders' folders, or handles such as"
        f" hf://madebyollin/taef1; several are ranked ({AUTOENCODER})",
    )
    flags.add_target(parser)
    parser.add_argument(
        "--source",
        nargs="+",
        metavar="S",
        help="what each autoencoder was trained on, in their order: its distance to the target is"
        " measured, and the bound that needs it",
    )
    parser.add_argument("--out", required=True, help="the folder to make")
    flags.add_loading(parser)
    flags.add_measuring(parser)
    flags.add_overwrite(parser)
    parser.set_defaults(goes_on=True)


def run(args):
    """Assesses, and writes the report into --out."""
    say_reads(args.target)
    load_tensorflow(says=True)
    from m2m_tf.runs.assess import assess

    result = assess(
        args.target,
        args.out,
        args.autoencoder,
        args.source,
        overwrite=args.overwrite,
        verbose=progress_bars(),
        **flags.loading(args),
        **flags.measuring(args),
    )
    print(result)
    say_wrote(args.out, "report.html", "report.json")
