"""What the run that left a model says of its target."""

from pathlib import Path

from m2m_tf.runs.facts import read_json


def target_of_run(model_folder):
    """The target that metrics.json beside a model's folder names, and how it was loaded.

    Returns:
        (what `m2m.data.load` takes, its settings); the first is None where nothing names it.
    """
    choices = read_json(Path(model_folder).parent / "metrics.json").get("choices", {})
    return choices.get("target"), {
        "image_size": choices.get("image_size"),
        "resize": choices.get("resize") or "area",
        "fit": choices.get("fit") or "crop",  # runs of before it could be chosen
    }
