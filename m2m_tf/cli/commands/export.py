"""Writes a model as a SavedModel that TensorFlow Serving loads.

--out is the folder of all versions; this one is written into --out/VERSION, with a
model card: README.md and card.json. Signatures: serving_default (latents to images),
sample (a number of images, a seed and a truncation to images), png (the same as PNG
files), encode and reconstruct. A new process loads the export and compares its images
with the model's before this command says that it is done.

What m2m transfer, m2m evaluate or m2m demo left beside the model (metrics.json,
report.json) goes into the card. --format onnx and --quantize write further files into
the version, which TensorFlow Serving passes over: model.onnx for ONNX Runtime,
model_float16.tflite or model_int8.tflite for small devices. They map latents to images.
"""

from pathlib import Path

from m2m_tf.cli import flags, output
from m2m_tf.cli.extra import needs_extra
from m2m_tf.cli.quiet import load_tensorflow, stderr_kept_for_failure
from m2m_tf.cli.trained_on import target_of

HELP = "write a model as a SavedModel for TensorFlow Serving"
EXAMPLE = "m2m export --model runs/demo/model --out exports/digits"


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    parser.add_argument(
        "--out", required=True, help="the folder of the versions; its name is the served model's"
    )
    parser.add_argument(
        "--version", type=flags.whole, default=1, help="a whole number of 1 or more (1)"
    )
    parser.add_argument(
        "--format",
        choices=("saved_model", "onnx"),
        default="saved_model",
        help="onnx writes model.onnx too (saved_model)",
    )
    parser.add_argument(
        "--quantize",
        choices=("float16", "int8"),
        help="write a TFLite file of this precision too, and report the change in FID",
    )
    parser.add_argument(
        "--target",
        help="the images that --quantize measures FID against; by default the target that"
        " metrics.json beside the model names",
    )
    flags.add_loading(parser)
    flags.add_measured(parser)
    parser.add_argument(
        "--report",
        help="the folder of m2m evaluate's report, for the card; by default the model's own run",
    )
    parser.add_argument("--licence", help="the licence of the model, for its card")
    flags.add_overwrite(parser, "version")


def run(args):
    """Exports the model."""
    folder = Path(args.out) / str(args.version)
    check_out(args, folder)
    check_is_finished(args.model)
    if args.format == "onnx":
        needs_extra("onnx", "tf2onnx", "onnx", "onnxruntime")
    if args.quantize:
        needs_extra("tflite", "ai_edge_litert")
    load_tensorflow()
    from m2m_tf.files.card import read_card
    from m2m_tf.minds import Mind2Mind
    from m2m_tf.serving import export_saved_model
    from m2m_tf.serving.model_card import facts_of_run

    model = Mind2Mind.load(args.model)
    facts = facts_of_run(model, Path(args.model).parent, args.report)
    if args.report and "evaluation" not in facts:
        raise ValueError(
            f"Expected '{args.report}' to hold the report.json of m2m evaluate for this model; it"
            " holds none, or one of a model with another autoencoder."
        )
    if args.licence:
        facts["licence"] = args.licence
    export_saved_model(model, folder, facts, extras_of(args, model), overwrite=args.overwrite)
    print("A new process loaded the export: its images are the model's")
    card = read_card(folder, "export")
    for name, said in card["files"].items():
        print(f"{name}: {said['what']}")
    output.say_wrote(str(folder), "saved_model.pb", "README.md", "card.json", *card["files"])


def extras_of(args, model):
    """What writes the further files that the flags ask for."""
    extras = []
    if args.format == "onnx":
        from m2m_tf.serving.formats.onnx_file import write_onnx

        extras.append(write_onnx)
    if args.quantize:
        from m2m_tf.serving.formats.tflite_file import write_tflite

        real, extractor = target_features(args, model)

        def write(model, new):
            with stderr_kept_for_failure():  # the runtime says that it starts
                return write_tflite(model, new, args.quantize, real, extractor)

        extras.append(write)
    return extras


def target_features(args, model):
    """The features of the target's images, and what made them."""
    from m2m_tf import data
    from m2m_tf.features import get_extractor

    shape = model.autoencoder.image_shape
    target, loading = target_of(args)
    if target is None:
        raise ValueError(
            "--quantize reports the change in FID to the target's images, and no metrics.json"
            f" beside '{args.model}' names them. Pass --target."
        )
    images = data.load(target, shape, **loading)
    extractor = get_extractor(args.extractor, shape, args.fallback_extractor)
    print(f"Measuring {images.name} in the features of {extractor.name}", flush=True)
    return extractor(images.numpy(args.num_images)), extractor


def check_out(args, folder):
    """Refuses a version that must not be written; offers the next one."""
    out = Path(args.out)
    if out.name.isdecimal():
        raise ValueError(
            f"--out is the folder of all versions, not of one; got '{args.out}'. Pass "
            f"--out {out.parent} --version {out.name}."
        )
    if folder.is_dir() and any(folder.iterdir()) and not args.overwrite:
        names = [int(each.name) for each in out.iterdir() if each.name.isdecimal()]
        raise ValueError(
            f"Version {args.version} is there already: '{folder}'. Pass --version "
            f"{max(names) + 1} for a new one, or --overwrite to replace it."
        )
    output.check_folder(folder, args.overwrite, inputs=[args.model])


def check_is_finished(model):
    """Refuses a run of m2m transfer that was interrupted."""
    model = Path(model)
    run = model.parent.resolve()
    if not model.exists() and run.with_name(f".{run.name}.unfinished").is_dir():
        raise ValueError(
            f"'{model}' is not there: its training never finished. The m2m transfer command that "
            "began it goes on where it was; export after that."
        )
