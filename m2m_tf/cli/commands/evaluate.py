"""Proves after training how near a model's images come to the target.

Writes report.html (opens from disk, pictures inside) and report.json: FID, KID,
precision, recall, density and coverage of the model, beside the floor, held-out
real images and the Gaussian and mixture baselines on the same codes; the
certificate with its two terms; the memorisation audit; reals beside generated.
"""

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_reads, say_wrote

HELP = "prove after training how near a model comes to the target"
EXAMPLE = "m2m evaluate --model runs/demo/model --target demo:digits --out runs/evaluation"


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--model", required=True, help="a model's folder, as m2m transfer leaves it"
    )
    flags.add_target(parser)
    parser.add_argument(
        "--held_out",
        metavar="H",
        help="images of the target's kind that the model was not trained on; by default those"
        " that m2m transfer held out of the target",
    )
    parser.add_argument("--out", required=True, help="the folder to make")
    flags.add_loading(parser)
    flags.add_measuring(parser)
    flags.add_overwrite(parser)
    parser.set_defaults(goes_on=True)


def run(args):
    """Evaluates, and writes the report into --out."""
    say_reads(args.target)
    load_tensorflow(says=True)
    from m2m_tf.runs.evaluate import evaluate
    from m2m_tf.runs.facts import loading_as_in_run

    result = evaluate(
        args.model,
        args.target,
        args.out,
        args.held_out,
        overwrite=args.overwrite,
        verbose=progress_bars(),
        **loading_as_in_run(args.model, flags.loading(args)),
        **flags.measuring(args),
    )
    print(result)
    say_wrote(args.out, "report.html", "report.json")
