"""Lists the autoencoders that come with the package.

The errors are mean squared errors on held-out images in [-1, 1]; PCA's is that of
as many principal components of the same training images.
"""

from m2m_tf.cli.quiet import load_tensorflow

HELP = "list the autoencoders that come with the package"
EXAMPLE = "m2m presets"
COLUMNS = ("name", "images", "code", "held-out error", "PCA's", "licence", "data")


def add_flags(parser):
    """Adds nothing: the command has no choices."""


def run(args):
    """Prints one line a preset."""
    load_tensorflow()
    from m2m_tf.autoencoders.presets import presets

    rows = [row(name, card) for name, card in presets().items()]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for cells in (COLUMNS, *rows):
        line = zip(cells, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in line).rstrip())


def row(name, card):
    """A card's cells, in the order of `COLUMNS`."""
    shapes = shapes_of(card)
    errors = [card.get(key) for key in ("held_out_mse", "pca_held_out_mse")]
    errors = ["not said" if error is None else f"{error:.4f}" for error in errors]
    return (
        name,
        *shapes,
        *errors,
        *(str(card.get(key, "not said")) for key in ("licence", "data")),
    )


def shapes_of(card):
    """What it takes and gives, in words."""
    if card.get("architecture") == "universal":
        return ["any multiple of 8", f"an eighth x{card['code_shape'][-1]}"]
    return ["x".join(map(str, card.get(key, []))) for key in ("image_shape", "code_shape")]
