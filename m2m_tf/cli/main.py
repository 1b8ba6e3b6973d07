"""`m2m COMMAND`: finds the command, runs it, and turns what goes wrong into one clear message."""

import argparse
import importlib
import io
import re
import shlex
import sys
import traceback

from absl import app, flags, logging
from absl.flags import argparse_flags

from m2m_tf.cli.ending import Terminated, how_to_go_on, sigterm_as_interruption
from m2m_tf.cli.remote import local_paths
from m2m_tf.errors import NonFinite, WorkerLost, did_you_mean
from m2m_tf.files.being_made import named_command
from m2m_tf.files.printable import printable
from m2m_tf.files.trust import trusting
from m2m_tf.runs.clean import left_of
from m2m_tf.version import __version__

# In the order of a user's first day; each is a module of m2m_tf.cli.commands.
COMMANDS = (
    "demo",
    "presets",
    "look",
    "pretrain",
    "assess",
    "encode",
    "transfer",
    "generate",
    "evaluate",
    "thaw",
    "extractors",
    "export",
    "serve",
    "explore",
    "clean",
)
LOADING = ("pretrain", "assess", "encode", "transfer", "generate", "evaluate", "thaw")
LOADING += ("export", "explore")
BAD_INPUT, NONFINITE, SYSTEM, LOST, INTERRUPTED, TERMINATED = 2, 3, 4, 5, 130, 143
BAD_PATHS = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError)


class Parser(argparse_flags.ArgumentParser):
    """An argument parser whose errors are one message, as the library's are."""

    def error(self, message):
        said = message if message.endswith("?") else f"{message.rstrip('.')}."
        self.exit(BAD_INPUT, f"{self.prog}: {said} See {self.prog} --help.\n")


def run(argv=None):
    """Runs a command and exits the process with its status.

    Args:
        argv: the program's name and its arguments; by default those of the process.

    Raises:
        SystemExit: always: 0 for success, 2 for bad input, 3 for a training whose numbers became
            NaN or infinite, 4 for what the system refuses (a full disk, no permission), 5 where
            another worker is gone, 130 for Ctrl-C, 143 for SIGTERM; 1 for a fault of the program's.

    Example:
        >>> run(["m2m", "presets"])
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(errors="backslashreplace")  # a letter that it has not is spelt
    try:
        app.run(run_command, argv=list(sys.argv if argv is None else argv), flags_parser=parse)
    except KeyboardInterrupt:  # before the command was at work
        sys.exit(INTERRUPTED)


def parse(argv):
    """The parsed arguments of a command line, the program's name first."""
    parser = Parser(
        prog="m2m",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Turn a pretrained autoencoder into a generator of your own images.",
        epilog="m2m COMMAND --help shows a command's flags and an example.",
    )
    parser.add_argument(
        "--version", action="version", version=f"m2m {__version__}", help="show the version"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND [FLAGS]", dest="command")
    for name in COMMANDS:
        add_command(commands, name)
    refuse_unknown_command(parser, argv[1:2])
    args, unknown = parser.parse_known_args(argv[1:])
    if unknown:
        refuse_unknown_arguments(commands.choices.get(args.command, parser), unknown)
    if args.command is None:
        parser.print_help()
        parser.exit(0)
    args.words = argv[1:]
    return args


def add_command(commands, name):
    """Adds the command of the module `m2m_tf.cli.commands.<name>`: its flags, help and example."""
    module = importlib.import_module(f"m2m_tf.cli.commands.{name}")
    parser = commands.add_parser(
        name,
        inherited_absl_flags=None,  # those belong to m2m itself
        help=module.HELP,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=module.__doc__,
        epilog=f"example:\n  {module.EXAMPLE}",
    )
    module.add_flags(parser)
    parser.add_argument(
        "--debug", action="store_true", help="show where in the code an error came from"
    )
    if name in LOADING:
        parser.add_argument(
            "--trust_saved_model",
            action="store_true",
            help="load SavedModels too: programs, which can do all that you can; only from people"
            " whom you trust (.keras files run nothing)",
        )
    parser.set_defaults(run=module.run)


def refuse_unknown_command(parser, first):
    """Offers near names for a first argument that is no command."""
    if not first or first[0].startswith("-") or first[0] in COMMANDS:
        return
    offer = did_you_mean(first[0], COMMANDS, show=str)
    parser.error(f"there is no command '{first[0]}'.{offer} Commands: {', '.join(COMMANDS)}.")


def refuse_unknown_arguments(parser, unknown):
    """Offers near flags of a command for arguments that it has not."""
    flags_of = [name.removeprefix("--") for name in re.findall(r"--\w+", parser.format_usage())]
    names = [word.split("=")[0].removeprefix("--") for word in unknown if word.startswith("--")]
    near = [did_you_mean(name, flags_of, most=1, cutoff=0.45, show="--{}".format) for name in names]
    offer = next(filter(None, near), "")
    parser.error(f"unknown arguments: {' '.join(unknown)}.{offer}")


def run_command(args):
    """Runs a parsed command; returns the exit status."""
    if not (args.debug or flags.FLAGS["verbosity"].present):
        logging.set_verbosity(logging.WARNING)  # TensorFlow tells of each file that it writes
    try:
        words = shlex.join(["m2m", *args.words])
        trusted = getattr(args, "trust_saved_model", False)
        with sigterm_as_interruption(), named_command(words), trusting(trusted):
            with local_paths(args):
                tell_what_is_left(args)
                args.run(args)
    except KeyboardInterrupt as asked:
        terminated = isinstance(asked, Terminated)
        how = "ended by SIGTERM" if terminated else "interrupted"
        print(f"\nm2m {args.command}: {how}.{hint_to_resume(args)}", file=sys.stderr)
        return TERMINATED if terminated else INTERRUPTED
    except (ValueError, OSError, NonFinite, WorkerLost) as error:
        if args.debug:
            traceback.print_exc()
        status = status_of(error)
        hint = hint_to_resume(args) if status == SYSTEM else ""
        print(f"m2m {args.command}: {sentence(error)}{hint}", file=sys.stderr)
        return status
    return 0


def tell_what_is_left(args):
    """Says what a killed command left where this one will write, and what becomes of it."""
    out = getattr(args, "out", None)
    for left in left_of(out) if out else ():
        ways = (
            "with other settings m2m clean removes it" if left.goes_on else "m2m clean removes it"
        )
        print(f"Found {left}; {ways}", flush=True)


def hint_to_resume(args):
    """What to do after an interruption, where there is something to do."""
    return f" {how_to_go_on(args.out)}" if "goes_on" in args else ""


def status_of(error):
    """The exit status for a kind of error."""
    if isinstance(error, NonFinite):
        return NONFINITE
    if isinstance(error, WorkerLost):
        return LOST
    if isinstance(error, OSError) and not isinstance(error, BAD_PATHS):
        return SYSTEM
    return BAD_INPUT


def sentence(error):
    """An error's message; that of the system without its number."""
    if isinstance(error, OSError) and error.strerror:
        where = "" if error.filename is None else f": '{error.filename}'"
        error = f"{error.strerror}{where}."
    return printable(error, None, keep="\n\t")  # it may hold a name that a stranger gave


if __name__ == "__main__":
    run()
