"""A whole pretraining: beside what the output folder holds, whose place it takes at the end."""

from pathlib import Path

from m2m_tf import autoencoders
from m2m_tf.files.durable import replace_folder
from m2m_tf.files.output_folder import locked_output
from m2m_tf.runs.output import check_folder, paths_among


def pretrain(source, out, held_out=None, overwrite=False, **settings):
    """Trains an autoencoder as `m2m.pretrain` does, and replaces one that is there only when done.

    Args:
        source, held_out: As `m2m.pretrain` takes them.
        out: The autoencoder's folder.
        overwrite: Whether what `out` holds may be replaced: the new one is trained beside it, and
            takes its place at the end. The same call continues a run that was cut off.
        **settings: What else `m2m.pretrain` takes.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: As `m2m.pretrain`; if `out` holds something that is no run that was cut off; or
            if another process makes it.
    """
    with locked_output(Path(out).resolve()):
        folder = _working_folder(Path(out), overwrite, paths_among(source, held_out))
        autoencoder = autoencoders.pretrain(source, folder, held_out=held_out, **settings)
        if folder != Path(out):
            replace_folder(folder, Path(out).resolve())
        return autoencoder


def _working_folder(out, overwrite, inputs):
    """Where training goes on: `out`, or its neighbour while `out` still holds something else."""
    if (out / "training").is_dir():
        return out  # a run that was cut off: the library checks that it is the same
    check_folder(out, overwrite, inputs)
    if out.is_dir() and any(out.iterdir()):
        return out.resolve().with_name(f".{out.resolve().name}-new")
    return out
