"""What --autoencoder names: a preset, a folder, a handle, or the best preset for a target."""

AUTO = "auto"
DEFAULT = "universal"  # where none is named
LOOKED_AT = 2000  # images of the target; more change the ranking little


def load_autoencoder(name, args=None):
    """Loads the preset, the folder or the handle of that name, at the size of the target's images.

    Args:
        name: what the user gave.
        args: the flags, with target, image_size and resize: one that takes any size takes the
            target's images as they come from there. Without them it is as it was saved.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: if there is none of them, the folder does not hold one, or the target's size is
            none that it takes.
    """
    from m2m_tf.autoencoders import Autoencoder, resolve
    from m2m_tf.autoencoders.pairs.tiny_hub import is_handle

    if is_handle(name):
        shape = {} if args is None else {"image_shape": _target(args).image_shape}
        return Autoencoder.from_hub(name, **shape)
    autoencoder = resolve(name)
    if args is not None and autoencoder.takes_any_size:
        return autoencoder.at(_target(args).image_shape)
    return autoencoder


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
