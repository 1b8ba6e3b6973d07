"""Fine-tunes a trained model's decoder on its target, to go below the frozen one's floor.

The mind stays as it is: only what a code looks like changes. --encoder fine-tunes the
encoder too, and the mind then trains on. Prints, frozen and thawed, the reconstruction
FID (the floor) and the figures of generated images, on images that were trained on and
on held-out ones: a gain on the first alone is overfitting. The output folder holds
model/, samples.png, comparison.png and thaw.json (all figures).
"""

from m2m_tf.cli import flags, output
from m2m_tf.cli.quiet import load_tensorflow, progress_bars

HELP = "fine-tune a model's decoder on its target, below the frozen one's floor"
EXAMPLE = "m2m thaw --model runs/demo/model --target demo:digits --out runs/thawed"
EPOCHS, BATCH_SIZE, LEARNING_RATE, MIND_EPOCHS = 3, 32, 1e-3, 5
SHOWN = {
    "frechet_distance": "FID",
    "kernel_distance": "KID",
    "precision": "precision",
    "recall": "recall",
}
WRITTEN = ("model/", "samples.png", "comparison.png", "thaw.json")


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    flags.add_target(parser)
    parser.add_argument("--out", required=True, help="the folder to make")
    parser.add_argument(
        "--epochs", type=flags.whole, default=EPOCHS, help=f"passes over the images ({EPOCHS})"
    )
    parser.add_argument(
        "--batch_size", type=flags.whole, default=BATCH_SIZE, help=f"images a step ({BATCH_SIZE})"
    )
    parser.add_argument(
        "--learning_rate",
        type=flags.positive,
        default=LEARNING_RATE,
        help=f"the first step's; it falls from there ({LEARNING_RATE})",
    )
    parser.add_argument("--encoder", action="store_true", help="fine-tune the encoder too")
    parser.add_argument(
        "--mind_epochs",
        type=flags.whole,
        default=MIND_EPOCHS,
        help=f"passes of the mind over the new codes, with --encoder ({MIND_EPOCHS})",
    )
    parser.add_argument(
        "--validation_split",
        type=flags.split,
        metavar="SHARE",
        help="share of the images not trained on; by default those that m2m transfer held out",
    )
    flags.add_loading(parser)
    flags.add_measuring(parser)
    flags.add_overwrite(parser)


def run(args):
    """Thaws, and writes the model and its figures into --out."""
    paths = [args.model, args.target]
    with output.new_folder(args.out, args.overwrite, inputs=paths) as folder:
        figures, thawed = thaw(args, folder)
    print(table(figures))
    print(f"{thawed}")
    output.say_wrote(args.out, *WRITTEN)


def thaw(args, folder):
    """Loads, measures, thaws, measures again; returns the figures and what thawing did."""
    load_tensorflow()
    from m2m_tf import data
    from m2m_tf.cli.draw import draw
    from m2m_tf.codes import codes_fingerprint, held_out_rows
    from m2m_tf.evaluation.seen_and_unseen import measure_seen_and_unseen
    from m2m_tf.evaluation.survey import count_of
    from m2m_tf.minds import Mind2Mind
    from m2m_tf.minds.thaw import check_can_thaw, held_out_share
    from m2m_tf.reports import write_json

    model = Mind2Mind.load(args.model)
    check_can_thaw(model, args.encoder)
    shape = model.autoencoder.image_shape
    images = data.load(args.target, shape, **flags.loading(args))
    measuring = flags.measuring(args, shape)
    fingerprint = codes_fingerprint(model.autoencoder, images)
    share = held_out_share(model, fingerprint, args.validation_split)
    held_out = held_out_rows(count_of(images), share)
    print("Measuring the model as it is", flush=True)
    figures = {"frozen": measure_seen_and_unseen(model, images, held_out, **measuring)}
    thawed = model.thaw(
        args.target if args.encoder and model.classes else images,
        epochs=args.epochs,
        batch_size=args.batch_size,
        learning_rate=args.learning_rate,
        encoder=args.encoder,
        mind_epochs=args.mind_epochs,
        validation_split=share,
        verbose=progress_bars(),
        **flags.loading(args),
    )
    print("Measuring the thawed model", flush=True)
    figures["thawed"] = measure_seen_and_unseen(model, images, held_out, **measuring)
    draw(folder, model, images, args.seed)
    model.save(folder / "model")
    write_json(folder / "thaw.json", {**figures, "training": thawed, "seed": args.seed})
    return figures, thawed


def table(figures):
    """The figures side by side, in lines."""
    from m2m_tf.evaluation.seen_and_unseen import ROWS

    frozen, thawed = figures["frozen"], figures["thawed"]
    first = next(iter(frozen["floor"].values()))
    lines = [f"{f'in the features of {first.extractor}':50}{'frozen':>9}{'thawed':>9}"]
    for row, what in ROWS.items():
        names = SHOWN if "generated" in row else ["frechet_distance"]
        for metric in names if row in frozen else ():
            pair = frozen[row][metric].value, thawed[row][metric].value
            lines.append(f"{f'{what}: {SHOWN[metric]}':50}{pair[0]:9.3f}{pair[1]:9.3f}")
    return "\n".join(lines)
