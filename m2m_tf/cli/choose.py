"""What --autoencoder names: a preset, a folder, or the best preset for a target."""

AUTO = "auto"
LOOKED_AT = 2000  # images of the target; more change the ranking little


def choose_autoencoder(args):
    """Loads the autoencoder that a transfer's flags name; "auto" ranks the presets that fit.

    Args:
        args: the flags, with autoencoder, target, image_size, resize and seed.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: as `autoencoders.resolve`, and if no preset takes the target's images.
    """
    from m2m_tf.autoencoders import resolve

    if args.autoencoder != AUTO:
        print(f"Loading the autoencoder {args.autoencoder}", flush=True)
        return resolve(args.autoencoder)
    from m2m_tf import data
    from m2m_tf.cli import flags
    from m2m_tf.evaluation.rank import best_preset

    images = data.load(args.target, **flags.loading(args))
    ranked = best_preset(images, num_images=LOOKED_AT, seed=args.seed)
    for prediction in ranked:
        print(f"  {prediction.autoencoder.name}: predicted {prediction.predicted}", flush=True)
    print(f"Taking {ranked[0].autoencoder.name}", flush=True)
    return ranked[0].autoencoder
