"""Encodes a target by many processes, on Apache Beam, into a folder of codes.

m2m transfer --codes_dir OUT and Mind2Mind.fit(codes_dir=OUT) train on what is there and
encode nothing. The target is cut into shards, the same for any number of workers. A
worker that dies costs the shard that it was at, and the same command goes on after an
interruption. Labels that the target brings are kept beside the codes.
"""

import shlex

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow, progress_bars, say_reads
from m2m_tf.runs.defaults import AUTOENCODER
from m2m_tf.runs.on_beam import RUNNERS

HELP = "encode a large target by many processes, on Apache Beam"
EXAMPLE = "m2m encode --target demo:faces --autoencoder universal --out codes/faces --workers 2"


def add_flags(parser):
    """Adds the command's flags."""
    flags.add_target(parser)
    parser.add_argument(
        "--autoencoder",
        default=AUTOENCODER,
        help="a preset's name (m2m presets), an autoencoder's folder, or a handle such as"
        f" hf://madebyollin/taef1 ({AUTOENCODER})",
    )
    parser.add_argument("--out", required=True, help="the folder of the codes")
    flags.add_loading(parser)
    parser.add_argument(
        "--runner",
        choices=RUNNERS,
        default=RUNNERS[0],
        help="what Beam runs on: processes of this machine, or a service that --option describes,"
        " whose workers see --target and --out under the same names (direct)",
    )
    parser.add_argument(
        "--workers", type=flags.whole, default=1, help="processes of the direct runner (1)"
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="WORD",
        help="a word of Beam's own command line, as --option=--flink_master=host:8081; may be given"
        " again",
    )
    parser.add_argument(
        "--float16",
        action="store_true",
        help="keep codes in 16 bits a value: half the bytes, and hardly a difference in images",
    )
    parser.set_defaults(goes_on=True)


def run(args):
    """Encodes, and says where the codes are and what reads them."""
    say_reads(args.target)
    load_tensorflow(says=True)
    from m2m_tf.runs.encode import encode

    codes = encode(
        args.target,
        args.out,
        args.autoencoder,
        runner=args.runner,
        workers=args.workers,
        options=args.option,
        float16=args.float16,
        verbose=progress_bars(),
        **flags.loading(args),
    )
    for note in codes.notes:
        print(f"Note: {note}")
    for name, reason in codes.skipped:
        print(f"Skipped {name}: {reason}")
    size = codes.codes.nbytes / 1e6
    print(f"{codes.count:,} codes in {args.given['out']}, {size:,.0f} MB. What trains on them:")
    names = {"target": "target", "autoencoder": "autoencoder", "codes_dir": "out"}
    words = [word for flag, name in names.items() for word in (f"--{flag}", args.given[name])]
    words += flags.words_of_loading(args)
    print(f"m2m transfer {shlex.join(words)} --out runs/...")
