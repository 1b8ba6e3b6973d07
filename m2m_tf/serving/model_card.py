"""An export's model card: `card.json` for programs, `README.md` for people.

The headings follow Mitchell et al., Model Cards for Model Reporting, arXiv 1810.03993.
"""

import json
import platform

import keras
import tensorflow as tf

from m2m_tf.metrics.labels import COLUMNS, NAMES
from m2m_tf.version import __version__

NOT_STATED = "not stated"
METRICS = ("frechet_distance", "kernel_distance", "precision", "recall")


def facts_of(model):
    """What a model knows of itself: a dictionary that JSON can hold."""
    autoencoder = model.autoencoder
    source = {key: autoencoder.card.get(key, NOT_STATED) for key in ("data", "licence")}
    return {
        "kind": "m2m_tf export",
        "name": model.name,
        "source": {"autoencoder": autoencoder.name, **source},
        "target": {"name": NOT_STATED, **(model.trained_on or {})},
        "licence": NOT_STATED,
        "image_shape": list(autoencoder.image_shape),
        "code_shape": list(autoencoder.code_shape),
        "latent_dim": model.latent_dim,
        "prior": model.prior,
        "loss": model.loss_name,
        "training_steps": model.steps_made,
        "classes": model.classes,
        "versions": {
            "m2m_tf": __version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "python": platform.python_version(),
        },
    }


def page_of(facts, path):
    """The card for people, as Markdown.

    Args:
        facts: A card's facts.
        path: The export's folder, for the example: `exports/digits/1` is served as `digits`.
    """
    source, target = facts["source"], facts["target"]
    shape = "x".join(map(str, facts["image_shape"]))
    lines = [
        f"# {path.parent.name}, version {path.name}",
        "",
        f"Generates images of {shape} that look like those of the target. A Mind2Mind model "
        "(Frégier and Gouray, arXiv 1906.11613): a small generator of codes behind the frozen "
        "decoder of an autoencoder that was trained on other images, the source.",
        "",
        "## Data",
        f"- Target: {target['name']}{_count(target)}",
        f"- Source: {source['data']} (autoencoder `{source['autoencoder']}`)",
        f"- Licence of the source's weights: {source['licence']}",
        f"- Licence of this model: {facts['licence']}",
        "",
        "## Quality",
        *_quality(facts.get("evaluation")),
        *_others(facts["files"]),
        "",
        "## Use",
        "TensorFlow Serving, or `m2m serve`:",
        "",
        "```shell",
        f"m2m serve --export {path.parent.name} --port 8501",
        "curl -d '" + json.dumps(_example(facts)) + "' \\",
        f"  http://localhost:8501/v1/models/{path.parent.name}:predict",
        "```",
        "",
        "| signature | takes | gives |",
        "|---|---|---|",
    ]
    for name, tensors in facts["signatures"].items():
        takes, gives = (_listed(tensors[side]) for side in ("inputs", "outputs"))
        lines.append(f"| `{name}` | {takes} | {gives} |")
    lines += [
        "",
        "Generated images are no photographs of anything. They may resemble training images: the "
        "audit of `m2m evaluate` says whether they come nearer than new images do.",
        "",
        "`card.json` has the same for programs, and the sha256 of each file.",
        "",
    ]
    return "\n".join(lines)


def _count(target):
    return f", {target['images']:,} images" if "images" in target else ""


def _quality(evaluation):
    if not evaluation:
        return [
            "Not measured: `m2m evaluate --model M --target T --out R`, `m2m export --report R`."
        ]
    head = [
        f"{evaluation['verdict']} Features of `{evaluation['extractor']}`, "
        f"{evaluation['images']:,} images.",
        "",
        f"| | {' | '.join(COLUMNS[name] for name in METRICS)} |",
        "|---|" + "---|" * len(METRICS),
    ]
    rows = [
        f"| {NAMES[row]} | {' | '.join(f'{figures[metric]:.3g}' for metric in METRICS)} |"
        for row, figures in evaluation["figures"].items()
    ]
    return head + rows


def _others(files):
    lines = [f"- `{name}`: {facts['what']}" for name, facts in files.items()]
    return ["", "## Other forms", *lines] if lines else []


def _example(facts):
    takes = facts["signatures"]["sample"]["inputs"]
    values = {"num_images": 4, "seed": 0, "truncation": 1.0, "label": -1}
    inputs = {name: values[name] for name in values if name in takes}
    return {"signature_name": "sample", "inputs": inputs}


def _listed(tensors):
    return ", ".join(f"`{name}` {tensor}" for name, tensor in tensors.items())
