"""What --autoencoder names: a preset, a folder, a handle, or the best preset for a target."""

import os
from pathlib import Path

AUTO = "auto"
LOOKED_AT = 2000  # images of the target; more change the ranking little


def load_autoencoder(name, args=None):
    """Loads the preset of that name, the folder where there is one or it looks like one, a handle.

    Args:
        name: what the user gave.
        args: the flags, with target, image_size and resize: what a handle names takes the target's
            images as they come from there. Without them it takes 64x64 in colour.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: if there is none of them, or the folder does not hold one.
    """
    from m2m_tf.autoencoders import Autoencoder
    from m2m_tf.autoencoders.pairs.tiny_hub import is_handle

    if is_handle(name):
        shape = {} if args is None else {"image_shape": _target(args).image_shape}
        return Autoencoder.from_hub(name, **shape)
    path = Path(name).expanduser()
    if path.exists() or os.sep in name:
        return Autoencoder.load(path)
    return Autoencoder.from_preset(name)


def choose_autoencoder(args):
    """Loads the autoencoder that a transfer's flags name; "auto" ranks the presets that fit.

    Args:
        args: the flags, with autoencoder, target, image_size, resize and seed.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: as `load_autoencoder`, and if no preset takes the target's images.
    """
    if args.autoencoder != AUTO:
        print(f"Loading the autoencoder {args.autoencoder}", flush=True)
        return load_autoencoder(args.autoencoder, args)
    from m2m_tf.evaluation.rank import best_preset

    ranked = best_preset(_target(args), num_images=LOOKED_AT, seed=args.seed)
    for prediction in ranked:
        print(f"  {prediction.autoencoder.name}: predicted {prediction.predicted}", flush=True)
    print(f"Taking {ranked[0].autoencoder.name}", flush=True)
    return ranked[0].autoencoder


def _target(args):
    from m2m_tf import data
    from m2m_tf.cli import flags

    return data.load(args.target, **flags.loading(args))
