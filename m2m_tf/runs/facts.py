"""What runs left beside a model: for the card of its export, and for those that go on with it."""

import contextlib
from pathlib import Path

from m2m_tf.files.printable import printable
from m2m_tf.files.strict_json import read_json as read_strictly
from m2m_tf.metrics.labels import NAMES
from m2m_tf.serving.model_card import METRICS

LONGEST_NOTE = 1_000  # characters


def facts_of_run(model, folder, report=None):
    """What `m2m transfer` and `m2m evaluate` (or `m2m demo`) left beside a model's folder.

    Args:
        model: The `Mind2Mind`.
        folder: The folder that holds the model's: its `metrics.json` and `report.json` are read,
            where they are there and are of this model.
        report: Another folder, in which `report.json` lies.

    Returns:
        A dictionary for `export_saved_model(facts=)`: the target's name, the evaluation.
    """
    run = read_json(Path(folder, "metrics.json"))
    report = read_json(Path(report or folder, "report.json"))
    found = {}
    target = run.get("choices", {}).get("target") or report.get("target")
    if target:
        found["target"] = {"name": Path(target).name, **(model.trained_on or {})}
    with contextlib.suppress(KeyError, TypeError, AttributeError):  # no report of ours
        if report["autoencoder"] == model.autoencoder.name:
            found["evaluation"] = _evaluation(report)
    return found


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


def notes_of_run(model_folder):
    """What people should read of the run that made a model: how its autoencoder suits the target.

    Args:
        model_folder: The model's folder; metrics.json may lie beside it.

    Returns:
        A list of sentences.
    """
    facts = read_json(Path(model_folder).parent / "metrics.json").get("autoencoder")
    note = facts.get("note") if isinstance(facts, dict) else None
    return [printable(note, LONGEST_NOTE)] if isinstance(note, str) else []


def loading_as_in_run(model_folder, loading):
    """How the run that made a model loaded its target, where no size is given here.

    Args:
        model_folder: The model's folder; metrics.json may lie beside it.
        loading: `image_size`, `resize`, `fit` and `value_range`, as they were given.

    Returns:
        `loading`, with the run's way to a size where it resized and nobody says a size here.
    """
    if loading["image_size"]:
        return loading
    of_run = target_of_run(model_folder)[1]
    return {**loading, **of_run} if of_run["image_size"] else loading


def _evaluation(report):
    rows = report["rows"]
    figure = rows["generated"]["frechet_distance"]
    return {
        "verdict": report.get("verdict", ""),
        "extractor": figure["extractor"],
        "images": figure["generated_count"],
        "figures": {
            row: {metric: float(rows[row][metric]["value"]) for metric in METRICS}
            for row in NAMES
            if row in rows
        },
    }


def read_json(path):
    """A JSON object of a file, or nothing."""
    try:
        found = read_strictly(path)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
