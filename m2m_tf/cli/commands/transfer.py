"""Turns an autoencoder into a generator of a target's images.

The target is encoded once; a small generator and critic, the mind, are trained on
the codes; new codes are decoded. The output folder holds samples.png (a grid of
generated images), comparison.png (targets, their reconstructions, generated
images), model/ (for m2m generate, m2m export and m2m.Mind2Mind.load) and
metrics.json (times, losses, sizes, seeds, versions, skipped files).

Interrupted, or killed, the same command goes on where it was: until it ends, codes
and checkpoints lie beside the output folder, in .NAME.unfinished, with a samples.png that
is drawn anew as it goes. On the same machine it ends with the weights that an
undisturbed run ends with, but for --minutes.

Several processes train together where TF_CONFIG names them: start the same command in
each. They encode a part each; the first one writes the output folder.

With --autoencoder own, for images that no autoencoder fits, the universal one is first
trained on with these images, without those that are held out. It is kept in
autoencoder/, and the model is evaluated: report.html. Where the error of held-out
images does not fall, the universal one is taken, and that is said.

With --conditional the mind learns the target's classes, so that m2m generate --label
makes images of one of them, and samples.png has one row a class. The classes are the
names of the target's sub-folders, or the labels beside an IDX file, in a .npz, of
tfds:NAME or of demo:digits:

  m2m transfer --autoencoder fashion_mnist_28 --target demo:digits --conditional --out runs/0-9
"""

import shlex

from m2m_tf.cli import flags, strategy
from m2m_tf.cli.quiet import progress_bars, say_reads, say_wrote
from m2m_tf.runs.defaults import AUTOENCODER, BATCH_SIZE, EPOCHS, VALIDATION_SPLIT

HELP = "turn an autoencoder into a generator of a target's images"
EXAMPLE = "m2m transfer --target photos/ --image_size 64 --out runs/photos"
TRAINING = ("validation_split", "conditional", "seed", "on_nonfinite", "overwrite")
MIND = ("batch_size", "prior", "loss", "axes", "codes_dir")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--autoencoder",
        default=AUTOENCODER,
        help="a preset's name (m2m presets), an autoencoder's folder, the handle of a tiny one of"
        " the diffusion world, hf://madebyollin/taef1 (or taesd, taesdxl, taesd3, taef2); auto: the"
        " preset that promises most for the target, as m2m assess ranks them; or own: universal,"
        " trained on with the target for about five minutes"
        f" ({AUTOENCODER}, for images of any size that is a multiple of 8)",
    )
    flags.add_target(parser)
    add_training_flags(parser)
    parser.add_argument(
        "--batch_size",
        type=flags.whole,
        default=BATCH_SIZE,
        help=f"codes a training step sees ({BATCH_SIZE})",
    )
    parser.add_argument(
        "--prior",
        choices=("mixture", "uniform", "normal"),
        default="mixture",
        help="the law of the latent; a mixture is fitted to the codes (mixture)",
    )
    parser.add_argument(
        "--loss",
        choices=("wasserstein", "relativistic", "hinge", "flow"),
        help="what generator and critic lower; flow trains a generator without a critic, by"
        " regression (flow along axes, wasserstein on short vectors)",
    )
    parser.add_argument(
        "--axes",
        type=flags.whole,
        metavar="K",
        help="the mind sees the places of codes along their K widest principal axes (as many as"
        " hold 0.9999 of the variance; vectors of 1,024 values at most are seen whole)",
    )
    parser.add_argument(
        "--codes_dir",
        help="keep the codes in this folder, so that another run does not encode again",
    )
    strategy.add_flag(parser)


def add_training_flags(parser, epochs=EPOCHS, said=f"{EPOCHS}"):
    """Adds the flags that m2m demo has too, which has epochs of its own and says which."""
    parser.add_argument("--out", required=True, help="the folder to make")
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs",
        type=flags.whole,
        default=epochs,
        help=f"passes over the codes, at most ({said})",
    )
    length.add_argument(
        "--minutes",
        type=flags.minutes,
        metavar="M",
        help="train for so many minutes, to a whole epoch, in place of --epochs",
    )
    flags.add_loading(parser)
    parser.add_argument(
        "--validation_split",
        type=flags.split,
        default=VALIDATION_SPLIT,
        metavar="SHARE",
        help="share of the images never trained on, for m2m evaluate to judge the model by"
        f" ({VALIDATION_SPLIT})",
    )
    parser.add_argument(
        "--conditional",
        action="store_true",
        help="learn the target's classes, to generate images of one of them",
    )
    parser.add_argument("--seed", type=flags.seed, default=0, help="seed of all that is drawn (0)")
    parser.add_argument(
        "--on_nonfinite",
        choices=("stop", "rollback"),
        default="stop",
        help="when a loss or gradient is NaN or infinite: stop with status 3, or go back to the"
        " last checkpoint with half the learning rates, 3 times at most (stop)",
    )
    flags.add_overwrite(parser)
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show Keras' losses, epoch by epoch, in place of what is done and the time left",
    )
    parser.set_defaults(goes_on=True)


def training(args):
    """The flags of `add_training_flags`, as `m2m.transfer` takes them."""
    return {
        **flags.loading(args),
        **{name: getattr(args, name) for name in TRAINING},
        "epochs": args.minutes or args.epochs,
        "verbose": "losses" if args.verbose else progress_bars(),
    }


def names_of(done):
    """The names of what a transfer wrote."""
    return [f"{name}/" if path.is_dir() else name for name, path in done.paths.items()]


def run(args):
    """Transfers; of several workers the first one writes."""
    say_reads(args.target)
    shared = strategy.make_strategy(args.strategy)
    from m2m_tf.runs.transfer import transfer

    done = transfer(
        args.target,
        args.out,
        args.autoencoder,
        strategy=shared,
        **training(args),
        **{name: getattr(args, name) for name in MIND},
    )
    if done is None:
        print(f"Done: worker 0 wrote '{args.out}'")
    else:
        names = names_of(done)
        say_wrote(args.out, *names)
        out = args.out.rstrip("/")
        print(
            f"Look at {out}/samples.png, and at {out}/comparison.png for what the autoencoder keeps"
        )
        print(f"Next: {next_command(args.target, args.out, names)}")


def next_command(target, out, names):
    """The command that follows a transfer into `out`, of files with these names, to be pasted."""
    out = out.rstrip("/")
    words = ["m2m", "evaluate", "--model", f"{out}/model", "--target", target]
    if "report.html" in names:  # --autoencoder own has evaluated
        words = ["m2m", "export", "--model", f"{out}/model"]
        return shlex.join([*words, "--out", f"{out}_export"])
    return shlex.join([*words, "--out", f"{out}_report"])
