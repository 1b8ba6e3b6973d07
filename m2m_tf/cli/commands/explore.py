"""Opens a page in the browser to look at a model.

Generate: a seed, a truncation, the images as one PNG file; choose an image to see the
training images that are nearest to it, which shows copies at a glance. Walk: a GIF of
the way between two seeds. Reconstruct: an image of yours, of 20 MB and 50 million pixels
at most, encoded and decoded, and the training images whose codes are near.

Nearest training images need the target; by default it is the one that metrics.json
beside the model names. Needs: pip install 'm2m_tf[app]'
"""

import os
import signal
from pathlib import Path

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, progress_bars
from m2m_tf.runs.extra import needs_extra

HELP = "look at a model in the browser"
EXAMPLE = "m2m explore --model runs/demo/model"
HOST, PORT = "127.0.0.1", 7860


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    parser.add_argument(
        "--target",
        help="the images that the model was trained on; by default those that metrics.json beside"
        " the model names",
    )
    flags.add_loading(parser)
    flags.add_address(parser, HOST, PORT)


def run(args):
    """Shows the page until Ctrl-C or SIGTERM."""
    needs_extra("app", "gradio")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that files are removed, too
    load_tensorflow()
    from m2m_tf.minds import Mind2Mind
    from m2m_tf.serving.address import free_port
    from m2m_tf.serving.explorer.explore import Explorer

    port = free_port(args.host, args.port)
    model = Mind2Mind.load(args.model)
    explorer = Explorer(model, training_images(args, model))
    os.environ["GRADIO_TEMP_DIR"] = str(explorer.folder / "page")  # read at the import
    from m2m_tf.serving.explorer.page import make_page, open_page

    def show_address(address):
        print(f"Open {address} (Ctrl-C stops it)", flush=True)

    name = Path(args.model).resolve()
    page = make_page(explorer, f"{name.parent.name}/{name.name}")
    try:
        open_page(page, args.host, port, show_address, args.allow_host)
    finally:
        explorer.close()
    print("Stopped")


def training_images(args, model):
    """The images that the model was trained on, or None where nothing names them."""
    from m2m_tf import data
    from m2m_tf.minds.labels import in_range_of
    from m2m_tf.runs.facts import target_of_run
    from m2m_tf.serving.explorer.training_images import load_training_images

    if args.target:
        target, loading = args.target, flags.loading(args)
    else:
        target, loading = target_of_run(args.model)
    if target is None:
        return None
    try:
        loading = in_range_of(model, loading)
        images = data.load(target, model.autoencoder.image_shape, **loading)
    except ValueError as error:
        if args.target:
            raise
        print(f"Note: the target that metrics.json names does not load. {error}")
        return None
    print(f"Encoding the images of {images.name}", flush=True)
    return load_training_images(model, images, progress_bars())
