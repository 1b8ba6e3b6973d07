"""Arrays in .npz files: never pickled, nor larger than what the file and the memory can hold."""

import math
import zipfile
from pathlib import Path

import numpy as np

LARGEST_RATIO = 1032  # deflate cannot shrink further, so what announces more lies
HONEST_RATIO = 200  # real images hardly shrink to less, and one colour alone does
HARMLESS = 1 << 28  # bytes that may be of one colour
MEMINFO = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")  # of a container


def read_npz(path):
    """The arrays of a `.npz` file, by name.

    Raises:
        ValueError: If the file is damaged, holds pickled objects, or would unpack to more than
            `check_unpacked` takes.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            check_unpacked(sum(member.file_size for member in members), path.stat().st_size)
            arrays = {m.filename.removesuffix(".npy"): read_array(archive, m) for m in members}
    except Exception as error:  # a damaged archive may raise anything
        raise ValueError(f"'{path}' does not load: {error}") from error
    return arrays


def read_array(archive, member):
    """The array in a member of an open archive.

    Raises:
        ValueError: As `read_npz`; and whatever a damaged one raises.
    """
    packed = min(member.compress_size, Path(archive.filename).stat().st_size)
    with archive.open(member) as file:
        announced = _announced(file)
    if announced > min(member.file_size, LARGEST_RATIO * packed):
        raise ValueError(
            f"its header announces {announced:,} bytes and at most "
            f"{min(member.file_size, LARGEST_RATIO * packed):,} are there"
        )
    check_unpacked(announced, packed)
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def check_unpacked(size, packed, free=None):
    """Refuses what would unpack to more than is honest, or than there is memory for.

    Args:
        size: Bytes that it unpacks to.
        packed: Bytes that it takes in the file.
        free: Bytes of memory that are there; None asks the system.

    Raises:
        ValueError: With the reason and what to do, the end of a sentence.
    """
    free = free_memory() if free is None else free
    if size > max(HARMLESS, HONEST_RATIO * packed):
        raise ValueError(
            f"{packed:,} bytes of it would become {size:,}, which no images do that are not of one "
            "colour; if yours are, save them with numpy.save"
        )
    if size > free:
        raise ValueError(
            f"it would take {size:,} bytes of memory and {free:,.0f} are there; with numpy.save it "
            "is read from the disk piece by piece"
        )


def free_memory():
    """Bytes of memory that can be had; infinity where the system does not say."""
    return min(_of_machine(), _of_group())


def _announced(file):
    version = np.lib.format.read_magic(file)
    first = version == (1, 0)
    read = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("it holds Python objects")
    return math.prod(shape) * dtype.itemsize


def _of_machine():
    try:
        lines = dict(line.split(":", 1) for line in MEMINFO.read_text().splitlines())
        return 1024 * int(lines["MemAvailable"].split()[0])
    except (OSError, KeyError, ValueError):  # another system than Linux
        return math.inf


def _of_group():
    try:
        most, used = (int((GROUP / f"memory.{what}").read_text()) for what in ("max", "current"))
        figures = dict(line.split() for line in (GROUP / "memory.stat").read_text().splitlines())
        return max(0, most - used + int(figures["inactive_file"]))  # a cache, given up when asked
    except (OSError, KeyError, ValueError):  # no group, or one without a bound
        return math.inf
