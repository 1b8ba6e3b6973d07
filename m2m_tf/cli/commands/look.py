"""Looks at a target: how many images, of what sizes and kinds, and how they would be taken.

Nothing is written. It prints the command to go on with.
"""

import shlex

from m2m_tf.cli.quiet import load_tensorflow

HELP = "say what lies in a folder of images, and how to take it"
EXAMPLE = "m2m look photos/"


def add_flags(parser):
    """Adds the command's argument."""
    parser.add_argument(
        "target",
        help="the images: a folder, a zip of one, or what else m2m transfer --target takes",
    )


def run(args):
    """Prints what was found, and the next command."""
    load_tensorflow()
    from m2m_tf.data import look

    found = look(args.target)
    print(found)
    for name, reason in found.unreadable[1:]:
        print(f"Not read either: {name} ({reason})")
    print(f"Next: {next_command(args.target, found)}")


def next_command(target, found):
    """The transfer that takes the target as it was found, to be pasted."""
    words = ["m2m", "transfer", "--target", target]
    if not found.is_ready:
        height, width = found.image_size
        words += ["--image_size", str(height) if height == width else f"{height}x{width}"]
        words += ["--fit", found.fit]
    if found.classes:
        words.append("--conditional")
    return shlex.join([*words, "--out", "runs/mine"])
