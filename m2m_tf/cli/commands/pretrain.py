"""Trains an autoencoder on a source, for m2m transfer to use.

Images of 28 to 1024 pixels, grey or colour, square or not; sides are multiples of 4.
KERAS_BACKEND=jax in the environment trains it with JAX.

The same command continues a run that was cut off, from its last whole epoch, and ends on
the same machine with the same weights: until the run is done, its checkpoints stand in
--out/training. With another source or other settings it is refused. With --overwrite the
new autoencoder is trained beside what --out holds and takes its place at the end.
"""

import shlex
from pathlib import Path

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_reads

HELP = "train an autoencoder on a source"
EXAMPLE = (
    "m2m pretrain --source fashion-mnist/ --out autoencoders/fashion --code_dim 64 --epochs 20"
)
PASSED_ON = ("held_out", "width", "epochs", "batch_size", "learning_rate", "architecture", "init")
PASSED_ON += ("window", "augment", "precision", "seed", "image_size", "resize", "fit", "compact")
PASSED_ON += ("overwrite",)
TERMS = ("perceptual_weight", "adversarial_weight", "code_noise", "absolute_weight", "equivariance")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--source",
        required=True,
        help="the images: a folder, a zip or tar of one, TFRecord files, .npy, .npz,"
        " an IDX file or folder, tfds:NAME[:SPLIT], demo:digits or demo:faces",
    )
    parser.add_argument("--out", required=True, help="the autoencoder's folder")
    parser.add_argument(
        "--held_out",
        help="images never trained on, to choose the best epoch (a tenth of the source)",
    )
    add_training_flags(parser)
    add_card_flags(parser)
    flags.add_overwrite(parser)
    parser.set_defaults(goes_on=True)


def add_training_flags(parser):
    """Adds the flags that change what is trained, and how."""
    add = parser.add_argument
    code = parser.add_mutually_exclusive_group()
    code.add_argument(
        "--code_dim", type=flags.whole, default=64, help="length of a code vector (64)"
    )
    code.add_argument(
        "--code_shape",
        type=flags.code_shape,
        metavar="HxWxC",
        help="a code map in place of a vector, such as 8x8x16: its sides are the image's divided by"
        " the same power of 2",
    )
    add(
        "--architecture",
        choices=("convolutional", "universal"),
        default="convolutional",
        help="convolutional, for one image size; or universal, codes of an eighth of the size, for"
        " images of any size that is a multiple of 8 (convolutional)",
    )
    add(
        "--init",
        metavar="AUTOENCODER",
        help="a preset's name or an autoencoder's folder: go on from its weights, with its"
        " architecture and code, so that minutes on your images are enough",
    )
    add(
        "--window",
        type=flags.image_size,
        metavar="N or HxW",
        help="see each image through a window of this size, elsewhere each time: large images then"
        " cost no more than small ones",
    )
    add("--width", type=flags.whole, default=32, help="channels of the finest convolution (32)")
    add("--epochs", type=flags.whole, default=20, help="passes over the source (20)")
    add("--batch_size", type=flags.whole, default=128, help="images a training step sees (128)")
    add("--learning_rate", type=flags.positive, default=1e-3, help="Adam's highest rate (0.001)")
    add(
        "--augment",
        type=flags.share,
        default=0.33,
        help="share of each batch that is flipped, turned, scaled, shifted and in colour changed in"
        " hue, so that other targets are reconstructed better (0.33)",
    )
    add(
        "--perceptual_weight",
        type=flags.not_negative,
        default=0.0,
        help="weight of the distance of an ImageNet network's feature maps, for sharper images;"
        " it sees 64x64 pixels of large ones; 0.1 is a start (0)",
    )
    add(
        "--adversarial_weight",
        type=flags.not_negative,
        default=0.0,
        help="weight of what a critic of patches finds unlike an image; 0.01 is a start (0)",
    )
    add(
        "--code_noise",
        type=flags.not_negative,
        default=0.0,
        help="deviation of the noise that is added to codes in training, as a share of theirs, so"
        " that the decoder makes images of codes that no image has; 0.1 is a start (0)",
    )
    add(
        "--absolute_weight",
        type=flags.not_negative,
        default=0.0,
        help="weight of the mean absolute error, beside that of squares (0)",
    )
    add(
        "--equivariance",
        type=flags.share,
        default=0.0,
        help="share of each batch whose codes are turned and shrunk before they are decoded, so"
        " that codes turn and shrink as images do; 0.125 is a start (0)",
    )
    add(
        "--precision",
        choices=("auto", "float32", "bfloat16"),
        default="auto",
        help="of the convolutions; auto is bfloat16 on a GPU, and on a CPU that computes in it",
    )
    add("--seed", type=flags.seed, default=0, help="seed of weights, order and augmentation (0)")
    add(
        "--image_size",
        type=flags.image_size,
        metavar="N or HxW",
        help="resize each image to this, in pixels; --fit says how",
    )
    add(
        "--compact",
        action="store_true",
        help="round the weights to float16 and compress their files: about half the bytes",
    )
    add("--resize", choices=("area", "lanczos"), default="area", help="how it shrinks (area)")
    flags.add_fit(parser)
    flags.add_value_range(parser)


def add_card_flags(parser):
    """Adds the flags that only card.json repeats."""
    parser.add_argument("--name", help="what messages call the autoencoder (the name of --out)")
    parser.add_argument("--data_name", help="what card.json calls the source (--source)")
    parser.add_argument("--licence", default="not said", help="the source's licence, for card.json")


def run(args):
    """Trains, or goes on training, and says how good the autoencoder is."""
    say_reads(args.source)
    load_tensorflow(says=True)
    from m2m_tf.autoencoders import ReconstructionLoss
    from m2m_tf.runs.pretrain import pretrain

    vector = (args.code_dim,) if args.architecture == "convolutional" else None
    autoencoder = pretrain(
        args.source,
        args.out,
        **{name: getattr(args, name) for name in PASSED_ON},
        **({} if args.value_range is None else {"value_range": args.value_range}),
        code_shape=args.code_shape or vector,
        loss=ReconstructionLoss(**{name: getattr(args, name) for name in TERMS}),
        verbose=progress_bars(),
        name=args.name or Path(args.out).resolve().name,
        data=args.data_name or args.source,
        licence=args.licence,
        command=shlex.join(["m2m", *args.words]),
    )
    card = autoencoder.card
    begun = "start_held_out_mse" if args.init else "pca_held_out_mse"
    what = f"that of {args.init} was" if args.init else "PCA's is"
    print(f"Held-out error {card['held_out_mse']:.4f}; {what} {card[begun]:.4f}")
    print(f"Wrote the autoencoder {args.out}")
