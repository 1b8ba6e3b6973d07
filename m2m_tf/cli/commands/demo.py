"""Turns a preset autoencoder into a generator of handwritten digits, and reports on it.

The same as m2m transfer with --target demo:digits, the 10,000 digits that come
with the package, and then m2m evaluate: report.html and report.json say how near
the generated digits come to real ones. A folder that an earlier demo left needs
--overwrite, as any other folder does.
"""

from m2m_tf.cli import flags
from m2m_tf.cli.commands import transfer
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_wrote

HELP = "turn a preset into a generator of handwritten digits, with a report"
EXAMPLE = "m2m demo --out runs/demo"
AUTOENCODER, TARGET = "fashion_mnist_28", "demo:digits"


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


def run(args):
    """Transfers the autoencoder to the digits, and evaluates the model."""
    load_tensorflow()
    from m2m_tf.evaluation import evaluate
    from m2m_tf.features import get_extractor
    from m2m_tf.runs.transfer import transfer as transfer_to

    verbose = progress_bars()
    settings = transfer.training(args)
    done = transfer_to(TARGET, args.out, args.autoencoder, verbose=verbose, **settings)
    say_wrote(args.out, *transfer.names_of(done))
    print("Evaluating the model", flush=True)
    shape = done.model.autoencoder.image_shape
    extractor = get_extractor(args.extractor, shape, args.fallback_extractor)
    measuring = {"extractor": extractor, "num_images": args.num_images, "seed": args.seed}
    result = evaluate(done.model, done.images, verbose=verbose, **measuring)
    result.save(args.out)
    print(result)
    say_wrote(args.out, "report.html", "report.json")
