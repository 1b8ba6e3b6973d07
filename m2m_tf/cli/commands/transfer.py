"""Turns an autoencoder into a generator of a target's images.

The target is encoded once; a small generator and critic, the mind, are trained on
the codes; new codes are decoded. The output folder holds samples.png (a grid of
generated images), comparison.png (targets, their reconstructions, generated
images), model/ (for m2m generate, m2m export and m2m.Mind2Mind.load) and
metrics.json (times, losses, sizes, seeds, versions, skipped files).

Interrupted, or killed, the same command goes on where it was: until it ends, codes
and checkpoints lie beside the output folder, in .NAME.unfinished. On the same machine
it ends with the weights that an undisturbed run ends with.

Several processes train together where TF_CONFIG names them: start the same command in
each. They encode a part each; the first one writes the output folder.

With --conditional the mind learns the target's classes, so that m2m generate --label
makes images of one of them, and samples.png has one row a class. The classes are the
names of the target's sub-folders, or the labels beside an IDX file, in a .npz, of
tfds:NAME or of demo:digits:

  m2m transfer --autoencoder fashion_mnist_28 --target demo:digits --conditional --out runs/0-9
"""

import time
from pathlib import Path

from m2m_tf.cli import flags, labels, metrics, output, strategy
from m2m_tf.cli.choose import DEFAULT
from m2m_tf.cli.quiet import progress_bars
from m2m_tf.cli.unfinished import RESULT, unfinished, unfinished_of_chief
from m2m_tf.files.durable import replace_folder

HELP = "turn an autoencoder into a generator of a target's images"
EXAMPLE = "m2m transfer --target photos/ --image_size 64 --out runs/photos"
EPOCHS = 300
VALIDATION_SPLIT = 0.1
FEW = 2000  # docs/few_images.md
WRITTEN = ("samples.png", "comparison.png", "model/", "metrics.json")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--autoencoder",
        default=DEFAULT,
        help="a preset's name (m2m presets), an autoencoder's folder, the handle of a tiny one of"
        " the diffusion world, hf://madebyollin/taef1 (or taesd, taesdxl, taesd3, taef2), or auto:"
        " the preset that promises most for the target, as m2m assess ranks them"
        f" ({DEFAULT}, for images of any size that is a multiple of 8)",
    )
    flags.add_target(parser)
    add_training_flags(parser)
    parser.add_argument(
        "--batch_size", type=flags.whole, default=128, help="codes a training step sees (128)"
    )
    parser.add_argument(
        "--prior",
        choices=("mixture", "uniform", "normal"),
        default="mixture",
        help="the law of the latent; a mixture is fitted to the codes (mixture)",
    )
    parser.add_argument(
        "--loss",
        choices=("wasserstein", "relativistic", "hinge"),
        default="wasserstein",
        help="what generator and critic lower (wasserstein)",
    )
    parser.add_argument(
        "--codes_dir",
        help="keep the codes in this folder, so that another run does not encode again",
    )
    strategy.add_flag(parser)


def add_training_flags(parser):
    """Adds the flags that m2m demo has too."""
    parser.add_argument("--out", required=True, help="the folder to make")
    parser.add_argument(
        "--epochs", type=flags.whole, default=EPOCHS, help=f"passes over the codes ({EPOCHS})"
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
    parser.set_defaults(goes_on=True)


def run(args):
    """Transfers, and writes all that the run leaves into --out at its end.

    Returns:
        The fitted model and the target, `Images`; None in a worker that is not the chief.
    """
    inputs = [path for path in (args.autoencoder, args.target, args.codes_dir) if path]
    output.check_folder(args.out, args.overwrite, inputs)
    shared = strategy.make_strategy(args.strategy)
    from m2m_tf.workers import wait_for_all, workers_of

    if not workers_of(shared).is_chief:
        wait_for_all(shared)  # for the chief's folder
        fit(args, unfinished_of_chief(args), shared)
        wait_for_all(shared)  # for what the chief writes
        print(f"Done: worker 0 wrote '{args.out}'")
        return None
    with unfinished(args) as working:
        wait_for_all(shared)
        done = transfer(args, working / RESULT, working, shared)
        replace_folder(working / RESULT, Path(args.out).resolve())
    wait_for_all(shared)
    output.say_wrote(args.out, *WRITTEN)
    return done


def transfer(args, folder, working, shared=None):
    """Fits, generates; writes samples, comparison, model and metrics into `folder`.

    Args:
        args: the flags.
        folder: the output's.
        working: the folder in which codes and checkpoints are kept.
        shared: the `tf.distribute.Strategy`, or None.

    Returns:
        The model and the target, `Images`.
    """
    from m2m_tf.cli.draw import draw
    from m2m_tf.minds.local_copy import local_copy

    model, images, history, seconds = fit(args, working, shared)
    model = local_copy(model) if model.workers.are_many else model
    seconds["generate"] = draw(folder, model, images, args.seed)
    model.save(folder / "model")
    metrics.write(folder / "metrics.json", args, model, history, seconds)
    return model, images


def fit(args, working, shared):
    """Loads, encodes, trains.

    Returns:
        The model, the target, the history, and the seconds of each step.
    """
    import keras

    from m2m_tf import data
    from m2m_tf.cli.choose import choose_autoencoder
    from m2m_tf.codes import encode_once
    from m2m_tf.minds import Mind2Mind
    from m2m_tf.minds.classes import classes_of

    classes = classes_of(labels.read_labels(args))
    autoencoder = choose_autoencoder(args)
    images = data.load(args.target, autoencoder.image_shape, **flags.loading(args))
    count = "the images" if images.count is None else f"{images.count:,} images"
    print(f"Encoding {count} of {images.name}", flush=True)
    codes = encode_once(
        autoencoder,
        images,
        args.codes_dir or working / "codes",
        verbose=progress_bars(),
        labelled=args.conditional,
        strategy=shared,
    )
    if codes.count < FEW:
        print(f"Note: {codes.count:,} images are few; m2m evaluate looks for copies of them")
    print(f"Fitting the mind to {codes.count:,} codes, {args.epochs} epochs", flush=True)
    keras.utils.set_random_seed(args.seed)  # the networks' first weights
    with strategy.scope_of(shared):
        model = Mind2Mind(
            autoencoder, prior=args.prior, loss=args.loss, classes=classes, seed=args.seed
        )
        model.compile()
    began = time.perf_counter()
    history = model.fit(
        codes,
        labels.read_labels(args, [name for name, _ in codes.skipped]),
        epochs=args.epochs,
        batch_size=args.batch_size,
        validation_split=args.validation_split,
        verbose=progress_bars(),
        checkpoint=working,
        on_nonfinite=args.on_nonfinite,
    )
    return model, images, history, {"encode": codes.seconds, "train": time.perf_counter() - began}
