"""Serves an export over HTTP, as TensorFlow Serving's REST predict API does.

POST /v1/models/NAME:predict takes TensorFlow Serving's request bodies, every
signature by its signature_name:

  curl -d '{"signature_name": "sample",
            "inputs": {"num_images": 4, "seed": 0, "truncation": 1.0}}' \\
    http://127.0.0.1:8501/v1/models/digits:predict

GET / says that the server lives, /v2/health/ready and /v1/models/NAME that the model
is ready. It stops at Ctrl-C or SIGTERM, when what is in work is answered. The files
are checked against the export's card first. Needs: pip install 'm2m_tf[serve]'
"""

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow
from m2m_tf.runs.extra import needs_extra

HELP = "serve an export over HTTP"
EXAMPLE = "m2m serve --export exports/digits --port 8501"
HOST, PORT, MOST_MEGABYTES = "127.0.0.1", 8501, 8


def add_flags(parser):
    """Adds the command's flags."""
    parser.add_argument(
        "--export", required=True, help="an export's folder, as m2m export leaves it"
    )
    parser.add_argument(
        "--version", type=flags.whole, help="the version to serve; by default the highest"
    )
    flags.add_address(parser, HOST, PORT)
    parser.add_argument(
        "--most_megabytes",
        type=flags.positive,
        default=MOST_MEGABYTES,
        help=f"size that a request's body may have ({MOST_MEGABYTES})",
    )


def run(args):
    """Serves until it is told to stop."""
    needs_extra("serve", "kserve")
    load_tensorflow()
    from m2m_tf.serving.exported import find_export
    from m2m_tf.serving.server.serve import serve

    exported = find_export(args.export, args.version)
    print(f"Loading {exported.folder}", flush=True)

    def show_address(address):
        print(f"Serving version {exported.version} at {address} (Ctrl-C stops it)", flush=True)

    serve(exported, args.host, args.port, int(args.most_megabytes * 1e6), show_address)
    print("Stopped")
