"""What the run that left a model says of its target."""

from pathlib import Path

from m2m_tf.cli import flags


def target_of(args):
    """The target and how it is loaded: as the flags say, or metrics.json beside --model.

    Returns:
        (what `m2m.data.load` takes, its settings); the first is None where nothing names it.
    """
    from m2m_tf.serving.model_card import read_json

    if args.target:
        return args.target, flags.loading(args)
    choices = read_json(Path(args.model).parent / "metrics.json").get("choices", {})
    return choices.get("target"), {
        "image_size": choices.get("image_size"),
        "resize": choices.get("resize") or "area",
        "fit": choices.get("fit") or "crop",  # runs of before it could be chosen
    }
