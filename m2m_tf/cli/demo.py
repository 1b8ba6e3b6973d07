"""Turns a preset autoencoder into a generator of handwritten digits.

The same as m2m transfer with --target demo:digits, the 10,000 digits that come
with the package. A folder that an earlier demo left needs --overwrite, as any
other folder does.
"""

from m2m_tf.cli import transfer

HELP = "turn a preset into a generator of handwritten digits"
EXAMPLE = "m2m demo --out runs/demo"
AUTOENCODER = "fashion_mnist_28_compact"


def add_flags(parser):
    """Adds the command's flags; transfer's others keep their defaults."""
    parser.add_argument(
        "--autoencoder",
        default=AUTOENCODER,
        help=f"a preset's name (m2m presets) or an autoencoder's folder ({AUTOENCODER})",
    )
    transfer.add_training_flags(parser)
    parser.set_defaults(
        target="demo:digits", batch_size=128, prior="uniform", resize="area", codes_dir=None
    )


def run(args):
    """Transfers the autoencoder to the digits."""
    transfer.run(args)
