"""Serves an export over HTTP, as TensorFlow Serving's REST predict API does.

POST /v1/models/NAME:predict takes TensorFlow Serving's request bodies, every
signature by its signature_name:

  curl -d '{"signature_name": "sample",
            "inputs": {"num_images": 4, "seed": 0, "truncation": 1.0}}' \\
    http://127.0.0.1:8501/v1/models/digits:predict

GET / says that the server lives, /v2/health/ready and /v1/models/NAME that the model
is ready. It stops at Ctrl-C or SIGTERM, when what is in work is answered. The files
are checked against the export's card first.

Large requests are computed in slices, by turns with the others. What the bounds
below refuse is told in a sentence, {"error": ...}: 408 for a request sent too slowly,
413 for one too large, 421 for one sent to another host, 503 where too many are in
work or connected (ask again later). Needs: pip install 'm2m_tf[serve]'
"""

from m2m_tf.cli import flags
from m2m_tf.cli.quiet import load_tensorflow
from m2m_tf.runs.extra import needs_extra

HELP = "serve an export over HTTP"
EXAMPLE = "m2m serve --export exports/digits --port 8501"
HOST, PORT = "127.0.0.1", 8501
MEGABYTES, REQUESTS, CONNECTIONS, SECONDS = 8, 128, 256, 30


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
        "--grpc_port",
        type=flags.port,
        help="answer TensorFlow Serving's gRPC PredictionService at this port too; 0 takes one that"
        " is free; needs pip install 'm2m_tf[grpc]' (none)",
    )
    add_bounds(parser)


def add_bounds(parser):
    """Adds what clients may ask of the server."""
    parser.add_argument(
        "--most_megabytes",
        type=flags.positive,
        default=MEGABYTES,
        help=f"size that a request's body may have ({MEGABYTES})",
    )
    parser.add_argument(
        "--most_images",
        type=flags.whole,
        help="images that a request may have or ask for (what the export allows: 4,096, or fewer"
        " where they are large)",
    )
    parser.add_argument(
        "--most_requests",
        type=flags.whole,
        default=REQUESTS,
        help=f"requests that may be in work or wait for it ({REQUESTS})",
    )
    parser.add_argument(
        "--most_connections",
        type=flags.whole,
        default=CONNECTIONS,
        help=f"connections that may be open ({CONNECTIONS})",
    )
    parser.add_argument(
        "--most_seconds",
        type=flags.positive,
        default=SECONDS,
        help="seconds that a client may take to send a request, and to take in what it is sent"
        f" ({SECONDS})",
    )


def run(args):
    """Serves until it is told to stop."""
    needs_extra("serve", "kserve")
    if args.grpc_port is not None:
        needs_extra("grpc", "tensorflow_serving")
    load_tensorflow()
    from m2m_tf.serving.exported import find_export
    from m2m_tf.serving.server.limits import Limits
    from m2m_tf.serving.server.serve import serve

    exported = find_export(args.export, args.version)
    print(f"Loading {exported.folder}", flush=True)

    def show_address(address):
        print(f"Serving version {exported.version} at {address} (Ctrl-C stops it)", flush=True)

    limits = Limits(
        int(args.most_megabytes * 1e6),
        args.most_images,
        args.most_requests,
        args.most_connections,
        args.most_seconds,
    )
    bound = (args.host, args.port, limits, args.allow_host)
    serve(exported, *bound, show_address, args.grpc_port)
    print("Stopped")
