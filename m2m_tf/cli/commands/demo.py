"""Turns a preset autoencoder into a generator of handwritten digits, and reports on it.

The same as m2m transfer with --target demo:digits, the 10,000 digits that come
with the package, and then m2m evaluate: report.html and report.json say how near
the generated digits come to real ones. A folder that an earlier demo left needs
--overwrite, as any other folder does.
"""

from pathlib import Path

from m2m_tf.cli import flags, output
from m2m_tf.cli.commands import transfer
from m2m_tf.cli.quiet import progress_bars

HELP = "turn a preset into a generator of handwritten digits, with a report"
EXAMPLE = "m2m demo --out runs/demo"
AUTOENCODER = "fashion_mnist_28"


def add_flags(parser):
    """Adds the command's flags; transfer's others keep their defaults."""
    parser.add_argument(
        "--autoencoder",
        default=AUTOENCODER,
        help="a preset's name (m2m presets), an autoencoder's folder, a handle such as"
        f" hf://madebyollin/taef1, or auto ({AUTOENCODER})",
    )
    transfer.add_training_flags(parser)
    flags.add_measured(parser)
    parser.set_defaults(
        target="demo:digits",
        batch_size=128,
        prior="mixture",
        loss="wasserstein",
        codes_dir=None,
        strategy=None,
    )


def run(args):
    """Transfers the autoencoder to the digits, and evaluates the model."""
    model, images = transfer.run(args)
    from m2m_tf.evaluation import evaluate

    print("Evaluating the model", flush=True)
    shape = model.autoencoder.image_shape
    result = evaluate(model, images, verbose=progress_bars(), **flags.measuring(args, shape))
    result.save(Path(args.out))
    print(result)
    output.say_wrote(args.out, "report.html", "report.json")
