"""The values that flags take, checked while they are parsed."""

import argparse
import datetime
import math

from m2m_tf.runs.defaults import NUM_IMAGES


def whole(text):
    """A whole number of 1 or more."""
    return _number(int, text, "a whole number of 1 or more", lambda value: value >= 1)


def seed(text):
    """A whole number of 0 or more, below 2^31."""
    return _number(int, text, "a whole number from 0 to 2147483647", lambda v: 0 <= v < 2**31)


def positive(text):
    """A number above 0."""
    return _number(float, text, "a number above 0", lambda value: 0 < value < float("inf"))


def minutes(text):
    """A number of minutes above 0, as a `datetime.timedelta`."""
    return datetime.timedelta(minutes=positive(text))


def share(text):
    """A number from 0 to 1."""
    return _number(float, text, "a number from 0 to 1", lambda value: 0 <= value <= 1)


def image_size(text):
    """`28` or `48x64`, height first, as `(height, width)`."""
    try:
        sides = [int(side) for side in text.lower().split("x")]
    except ValueError:
        sides = []
    if len(sides) not in (1, 2) or min(sides) < 1:
        raise argparse.ArgumentTypeError(
            f"expected a size in pixels, 28 or 48x64 (height x width); got '{text}'."
        )
    return (sides[0], sides[-1])


def value_range(text):
    """`0,255`, black and white, as a pair of floats."""
    try:
        low, high = map(float, text.split(","))
    except ValueError:
        low = high = math.nan
    if not -math.inf < low < high < math.inf:
        raise argparse.ArgumentTypeError(
            f"expected the values that are black and white, 0,1 or 0,255; got '{text}'."
        )
    return (low, high)


def not_negative(text):
    """A finite number of 0 or more."""
    return _number(float, text, "a number of 0 or more", lambda value: 0 <= value < math.inf)


def code_shape(text):
    """`64` or `8x8x16`, height first, as a tuple."""
    try:
        sizes = tuple(int(size) for size in text.lower().split("x"))
    except ValueError:
        sizes = ()
    if len(sizes) not in (1, 3) or min(sizes) < 1:
        raise argparse.ArgumentTypeError(
            "expected the shape of a code, 64 (a vector) or 8x8x16 (a map of height x width x "
            f"channels); got '{text}'."
        )
    return sizes


def _number(kind, text, expected, is_good):
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not is_good(value):
        raise argparse.ArgumentTypeError(f"expected {expected}; got '{text}'.")
    return value


def split(text):
    """A number from 0 to below 1."""
    return _number(float, text, "a number from 0 to below 1", lambda value: 0 <= value < 1)


def add_target(parser):
    """Adds --target."""
    parser.add_argument(
        "--target",
        required=True,
        help="the images: a folder, a zip or tar of one, TFRecord files, .npy, .npz,"
        " an IDX file or folder, tfds:NAME[:SPLIT], demo:digits or demo:faces",
    )


def add_loading(parser):
    """Adds what is done to images of another size on their way in."""
    add_image_size(parser)
    parser.add_argument(
        "--resize",
        choices=("area", "lanczos"),
        default="area",
        help="how --image_size shrinks (area)",
    )
    add_fit(parser)
    add_value_range(parser)


def add_value_range(parser):
    """Adds --value_range."""
    parser.add_argument(
        "--value_range",
        type=value_range,
        metavar="BLACK,WHITE",
        help="the images' values that are black and white, such as 0,1 of masks or 0,4095;"
        " --value_range=-1,1 where the first is below 0 (found from the values)",
    )


def add_fit(parser):
    """Adds --fit."""
    parser.add_argument(
        "--fit",
        choices=("crop", "pad", "stretch"),
        default="crop",
        help="what --image_size does with images of another aspect ratio: take the middle, add a"
        " white margin, or change their shape (crop)",
    )


def add_image_size(parser):
    """Adds --image_size."""
    parser.add_argument(
        "--image_size",
        type=image_size,
        metavar="N or HxW",
        help="resize each image to this, in pixels; --fit says how (m2m transfer: what m2m look"
        " finds best for files)",
    )


def loading(args):
    """The flags of `add_loading`, as the library takes them."""
    loading = {"image_size": args.image_size, "resize": args.resize, "fit": args.fit}
    return loading if args.value_range is None else {**loading, "value_range": args.value_range}


def words_of_loading(args):
    """The flags of `add_loading` that were given, as words of a command line."""
    words = []
    if args.image_size is not None:
        words.append("--image_size={}x{}".format(*args.image_size))
    words += [f"--resize={args.resize}"] if args.resize != "area" else []
    words += [f"--fit={args.fit}"] if args.fit != "crop" else []
    if args.value_range is not None:
        words.append("--value_range={:g},{:g}".format(*args.value_range))
    return words


def add_measuring(parser):
    """Adds what decides how figures are measured, the seed included."""
    add_measured(parser)
    parser.add_argument("--seed", type=seed, default=0, help="seed of all that is drawn (0)")


def add_measured(parser):
    """Adds what figures are measured in, and on how many images."""
    parser.add_argument(
        "--extractor",
        default="auto",
        help="what figures are measured in (auto; m2m extractors lists them)",
    )
    parser.add_argument(
        "--fallback_extractor",
        help="what to measure in where the extractor's weights cannot be had; by default that is"
        " an error",
    )
    parser.add_argument(
        "--num_images",
        type=whole,
        default=NUM_IMAGES,
        help=f"images that figures are measured on, at most ({NUM_IMAGES:,})",
    )


def measuring(args):
    """The flags of `add_measuring`, as the library takes them."""
    names = ("extractor", "fallback_extractor", "num_images", "seed")
    return {name: getattr(args, name) for name in names}


def port(text):
    """A TCP port; 0 is one that is free."""
    return _number(int, text, "a port from 0 to 65535", lambda value: 0 <= value < 1 << 16)


def add_address(parser, host, number):
    """Adds --host, --port and --allow_host."""
    parser.add_argument(
        "--host",
        default=host,
        help=f"the address to listen at; 0.0.0.0 lets other machines in ({host})",
    )
    parser.add_argument(
        "--port", type=port, default=number, help=f"0 takes one that is free ({number})"
    )
    parser.add_argument(
        "--allow_host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name that requests may call the server by, as behind a proxy; may be given"
        " again, and * takes any (this machine's names and --host)",
    )


def add_overwrite(parser, what="folder"):
    """Adds --overwrite, with the one rule that all commands follow."""
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help=f"replace an output {what} that already holds something, once the new one is whole",
    )
