"""Fine-tunes a trained model's decoder on its target, to go below the frozen one's floor.

The mind stays as it is: only what a code looks like changes. --encoder fine-tunes the
encoder too, and the mind then trains on. Prints, frozen and thawed, the reconstruction
FID (the floor) and the figures of generated images, on images that were trained on and
on held-out ones: a gain on the first alone is overfitting. Where the reconstruction
FID of held-out images does not fall, the model stays as it was. The output folder
holds model/, samples.png, comparison.png and thaw.json (all figures).

Interrupted, or killed, the same command goes on after its last whole epoch, and ends with
the weights that an undisturbed run ends with; only the measuring is done again.
"""

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_reads, say_wrote
from m2m_tf.runs.defaults import MIND_EPOCHS, THAW_BATCH_SIZE, THAW_EPOCHS, THAW_RATE

HELP = "fine-tune a model's decoder on its target, below the frozen one's floor"
EXAMPLE = "m2m thaw --model runs/demo/model --target demo:digits --out runs/thawed"
TRAINING = ("epochs", "batch_size", "learning_rate", "encoder", "mind_epochs", "validation_split")
WRITTEN = ("model/", "samples.png", "comparison.png", "thaw.json")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    flags.add_target(parser)
    parser.add_argument("--out", required=True, help="the folder to make")
    _add_training(parser)
    flags.add_loading(parser)
    flags.add_measuring(parser)
    flags.add_overwrite(parser)
    parser.set_defaults(goes_on=True)


def _add_training(parser):
    parser.add_argument(
        "--epochs",
        type=flags.whole,
        default=THAW_EPOCHS,
        help=f"passes over the images ({THAW_EPOCHS})",
    )
    parser.add_argument(
        "--batch_size",
        type=flags.whole,
        default=THAW_BATCH_SIZE,
        help=f"images a step ({THAW_BATCH_SIZE})",
    )
    parser.add_argument(
        "--learning_rate",
        type=flags.positive,
        default=THAW_RATE,
        help=f"the first step's; it falls from there ({THAW_RATE})",
    )
    parser.add_argument("--encoder", action="store_true", help="fine-tune the encoder too")
    parser.add_argument(
        "--mind_epochs",
        type=flags.whole,
        default=MIND_EPOCHS,
        help=f"passes of the mind over the new codes, with --encoder ({MIND_EPOCHS})",
    )
    parser.add_argument(
        "--validation_split",
        type=flags.split,
        metavar="SHARE",
        help="share of the images not trained on; by default those that m2m transfer held out",
    )


def run(args):
    """Thaws, and writes the model and its figures into --out."""
    say_reads(args.target)
    load_tensorflow(says=True)
    from m2m_tf.runs.facts import loading_as_in_run
    from m2m_tf.runs.thaw import thaw

    print(
        thaw(
            args.model,
            args.target,
            args.out,
            overwrite=args.overwrite,
            verbose=progress_bars(),
            **{name: getattr(args, name) for name in TRAINING},
            **loading_as_in_run(args.model, flags.loading(args)),
            **flags.measuring(args),
        )
    )
    say_wrote(args.out, *WRITTEN)
