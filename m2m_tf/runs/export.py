"""A whole export: a model's folder in; a version for TensorFlow Serving out, with what is known."""

import functools
from pathlib import Path

from m2m_tf import data
from m2m_tf.checks import check_choice, check_whole
from m2m_tf.data.options import check_loading
from m2m_tf.features import check_extractor, get_extractor
from m2m_tf.files.card import read_card
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.labels import in_range_of
from m2m_tf.runs.defaults import NUM_IMAGES
from m2m_tf.runs.extra import needs_extra
from m2m_tf.runs.facts import facts_of_run, target_of_run
from m2m_tf.runs.output import check_folder
from m2m_tf.runs.stderr import stderr_kept_for_failure
from m2m_tf.serving import export_saved_model
from m2m_tf.serving.formats.quantized_file import write_quantized
from m2m_tf.serving.formats.write import write_format

PACKAGES = {  # of each extra, by the names that are imported
    "onnx": ("tf2onnx", "onnx", "onnxruntime"),
    "openvino": ("openvino",),
    "litert": ("ai_edge_litert",),
}
FORMATS, PRECISIONS = ("saved_model", *PACKAGES), (None, "float16", "int8")


def export(
    model,
    out,
    version=1,
    format="saved_model",
    quantize=None,
    target=None,
    image_size=None,
    resize="area",
    fit="crop",
    value_range=None,
    extractor="auto",
    fallback_extractor=None,
    num_images=NUM_IMAGES,
    report=None,
    licence=None,
    overwrite=False,
):
    """Exports a model as `Mind2Mind.export` does, with what its run left, and in further forms.

    Args:
        model: The folder of a model, as `m2m.transfer` leaves it: metrics.json and report.json
            beside it go into the card.
        out: The folder of all versions.
        version: A whole number of 1 or more; the version is written into `out/version`.
        format: `"saved_model"`; or `"onnx"`, `"openvino"` or `"litert"`, which writes model.onnx,
            model.xml or model.tflite too.
        quantize: `"float16"` or `"int8"` writes a TFLite file of that precision too, with its
            change in FID; None writes none.
        target: The images that this FID is measured against, as `m2m.data.load` takes them; by
            default those that metrics.json names.
        image_size, resize, fit, value_range: How the target is loaded, where it is given.
        extractor, num_images: As `m2m.evaluate` takes them.
        fallback_extractor: What to measure in where the extractor's weights cannot be had.
        report: The folder of an evaluation's report, for the card; by default the model's own run.
        licence: The licence of the model, for its card.
        overwrite: Whether the version may be replaced, once the new one is whole.

    Returns:
        The card of the version, a dict; `card["files"]` are the further forms.

    Raises:
        ValueError: If an argument is out of range, the model's training never finished, the report
            is that of another model, or the version must not be written.
    """
    check_whole("version", version)
    check_whole("num_images", num_images)
    check_choice("format", format, FORMATS)
    check_choice("quantize", quantize, PRECISIONS)
    check_extractor(extractor, fallback_extractor)
    loading = check_loading(image_size, resize, fit, value_range)
    folder = Path(out, str(version))
    _check_out(Path(out), version, overwrite, model)
    _check_is_finished(Path(model))
    for extra in {format, "litert" if quantize else format} & PACKAGES.keys():
        needs_extra(extra, *PACKAGES[extra])
    loaded = Mind2Mind.load(model)
    facts = facts_of_run(loaded, Path(model).parent, report)
    if report and "evaluation" not in facts:
        raise ValueError(
            f"Expected '{report}' to hold the report.json of m2m evaluate for this model; it holds"
            " none, or one of a model with another autoencoder."
        )
    if licence:
        facts["licence"] = licence
    extras = [functools.partial(_write_format, format)] if format in PACKAGES else []
    if quantize:
        target, loading = (target_of_run(model)) if target is None else (target, loading)
        loading = in_range_of(loaded, loading)
        images = _load_target(target, loading, loaded.autoencoder.image_shape, model)
        extractor = get_extractor(extractor, images.image_shape, fallback_extractor)
        print(f"Measuring {images.name} in the features of {extractor.name}", flush=True)
        real = extractor(data.scaled(images.numpy(num_images)))
        extras.append(functools.partial(_write_quantized, quantize, real, extractor))
    export_saved_model(loaded, folder, facts, extras, overwrite=overwrite)
    return read_card(folder, "export")


def _write_format(name, model, new):
    with stderr_kept_for_failure():  # runtimes and converters say that they start
        return write_format(name, model, new)


def _write_quantized(precision, real, extractor, model, new):
    with stderr_kept_for_failure():
        return write_quantized(model, new, precision, real, extractor)


def _load_target(target, loading, shape, model):
    if target is None:
        raise ValueError(
            "quantize (--quantize) reports the change in FID to the target's images, and no"
            f" metrics.json beside '{model}' names them. Pass target (--target)."
        )
    return data.load(target, shape, **loading)


def _check_out(out, version, overwrite, model):
    """Refuses a version that must not be written; offers the next one."""
    if out.name.isdecimal():
        raise ValueError(
            f"The output is the folder of all versions, not of one; got '{out}'. Pass "
            f"--out {out.parent} --version {out.name}."
        )
    folder = out / str(version)
    if folder.is_dir() and any(folder.iterdir()) and not overwrite:
        names = [int(each.name) for each in out.iterdir() if each.name.isdecimal()]
        raise ValueError(
            f"Version {version} is there already: '{folder}'. Pass --version {max(names) + 1} for a"
            " new one, or --overwrite to replace it."
        )
    check_folder(folder, overwrite, inputs=[model])


def _check_is_finished(model):
    """Refuses a run of m2m transfer that was interrupted."""
    run = model.parent.resolve()
    if not model.exists() and run.with_name(f".{run.name}.unfinished").is_dir():
        raise ValueError(
            f"'{model}' is not there: its training never finished. The m2m transfer command that "
            "began it goes on where it was; export after that."
        )
