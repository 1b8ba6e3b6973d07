"""Turns a preset autoencoder into a generator of handwritten digits or drawn faces, and reports.

The same as m2m transfer with --target demo:digits, the 10,000 digits that come
with the package, or demo:faces, 1,500 faces in colour, and then m2m evaluate:
report.html and report.json say how near the generated images come to real ones. A
folder that an earlier demo left needs --overwrite, as any other folder does.
"""

from m2m_tf.cli import flags
from m2m_tf.cli.commands import transfer
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_reads, say_wrote

HELP = "turn a preset into a generator of digits or faces, with a report"
EXAMPLE = "m2m demo --out runs/demo"
DEMOS = {"digits": "fashion_mnist_28", "faces": "universal"}  # what each starts from
EPOCHS = {"digits": 180, "faces": 300}  # each demo in less than five minutes of two cores


def add_flags(parser):
    """Adds the command's flags; transfer's others keep their defaults."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=DEMOS,
        default="digits",
        help="digits, grey; or faces, in colour, of the autoencoder universal (digits)",
    )
    parser.add_argument(
        "--autoencoder",
        help="a preset's name (m2m presets), an autoencoder's folder, a handle such as"
        f" hf://madebyollin/taef1, auto or own ({DEMOS['digits']})",
    )
    said = ", ".join(f"{count} of {what}" for what, count in EPOCHS.items())
    transfer.add_training_flags(parser, epochs=None, said=said)
    flags.add_measured(parser)


def run(args):
    """Transfers the autoencoder to digits or faces, and evaluates the model."""
    say_reads(f"demo:{args.what}")
    load_tensorflow(says=True)
    from m2m_tf.evaluation import evaluate
    from m2m_tf.features import get_extractor
    from m2m_tf.runs.transfer import transfer as transfer_to

    verbose = progress_bars()
    args.epochs = EPOCHS[args.what] if args.epochs is None else args.epochs
    settings = transfer.training(args)
    autoencoder = args.autoencoder or DEMOS[args.what]
    done = transfer_to(f"demo:{args.what}", args.out, autoencoder, **settings)
    say_wrote(args.out, *transfer.names_of(done))
    print("Evaluating the model", flush=True)
    shape = done.model.autoencoder.image_shape
    extractor = get_extractor(args.extractor, shape, args.fallback_extractor)
    measuring = {"extractor": extractor, "num_images": args.num_images, "seed": args.seed}
    result = evaluate(done.model, done.images, verbose=verbose, **measuring)
    result.save(args.out)
    print(result)
    say_wrote(args.out, "report.html", "report.json")
