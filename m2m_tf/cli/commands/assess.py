"""Tells before training whether an autoencoder suits a target.

Writes report.html (opens from disk, pictures inside) and report.json: what the
autoencoder loses of the target, the floor (the reconstruction FID), what a
Gaussian and a mixture of Gaussians on the codes reach, how much of the codes is
used, the bounds' constants and the theorem's bound term by term, and a verdict.
With several autoencoders: the same for each, ranked by what they predict.
"""

from m2m_tf.cli import flags, output
from m2m_tf.cli.choose import DEFAULT
from m2m_tf.cli.quiet import load_tensorflow, progress_bars

HELP = "tell before training whether an autoencoder suits a target"
EXAMPLE = (
    "m2m assess --autoencoder fashion_mnist_28 glyphs_28 --target demo:digits --out runs/assess"
)


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--autoencoder",
        default=[DEFAULT],
        nargs="+",
        metavar="A",
        help="presets' names (m2m presets), autoencoders' folders, or handles such as"
        f" hf://madebyollin/taef1; several are ranked ({DEFAULT})",
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


def run(args):
    """Assesses, and writes the report into --out."""
    paths = [args.target, *args.autoencoder, *(args.source or ())]
    with output.new_folder(args.out, args.overwrite, inputs=paths) as folder:
        load_tensorflow()
        result = assess(args)
        result.save(folder)
    print(result)
    output.say_wrote(args.out, "report.html", "report.json")


def assess(args):
    """The result of one autoencoder, or the ranking of several."""
    from m2m_tf.cli.choose import load_autoencoder
    from m2m_tf.evaluation import assess, rank_autoencoders

    autoencoders = [load_autoencoder(name, args) for name in args.autoencoder]
    shape = autoencoders[0].image_shape
    settings = {"verbose": progress_bars(), **flags.measuring(args, shape), **flags.loading(args)}
    if len(autoencoders) > 1:
        return rank_autoencoders(autoencoders, args.target, args.source, **settings)
    sources = args.source or [None]
    if len(sources) > 1:
        raise ValueError(f"Expected one --source for one --autoencoder; got {len(sources)}.")
    return assess(autoencoders[0], args.target, sources[0], **settings)
