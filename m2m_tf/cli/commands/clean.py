"""Lists what killed commands left behind, and with --yes removes it.

Unfinished runs, from which the same command would go on; half-written files, folders
and exports; temporary folders of codes. Nothing that a living process holds. Without
FOLDER it looks below the working folder and in the system's temporary one.
"""

import shlex

HELP = "list what killed commands left behind, or remove it"
EXAMPLE = "m2m clean runs/ --yes"


def add_flags(parser):
    """Adds the command's arguments."""
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="where to look")
    parser.add_argument("--yes", action="store_true", help="remove it; without, it is only listed")


def run(args):
    """Lists or removes, a line each."""
    from m2m_tf.runs.clean import clean, in_bytes, left_behind

    found = clean(*args.folders) if args.yes else left_behind(*args.folders)
    for left in found:
        print(f"Removed {left.path} ({in_bytes(left.size)})" if args.yes else left)
    total = in_bytes(sum(left.size for left in found))
    if not found:
        print("Nothing is left behind")
    elif not args.yes:
        command = shlex.join(["m2m", "clean", *args.folders, "--yes"])
        print(f"{len(found)} left behind, {total}. To remove all of it: {command}")
