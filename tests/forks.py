"""Processes that have the package already: forked from one that imported it.

Python and TensorFlow take five seconds to start, a fork takes none. All else is as in a process of
its own: its arguments, environment, folder, signals and exit status. Where the start itself, or
what is imported, is what a test is about, it starts a real one with `subprocess`.
"""

import multiprocessing
import os
import runpy
import sys
import tempfile
import threading
import weakref
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.warm"])


class Fork:
    """A forked process, with the methods of `subprocess.Popen` that tests use.

    Args:
        run: What it does, a function of a module.
        arguments: Those of the program, as `sys.argv` has them.
        configure: More variables of its environment.
        cwd: Its folder.
        before: A function to call in it first.
    """

    def __init__(self, run, *arguments, configure=(), cwd=None, before=None):
        sys.audit("tests.fork")  # heard by conftest.py
        reader, writer = _context.Pipe(duplex=False)
        self._errors = tempfile.NamedTemporaryFile()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **dict(configure)}
        words = [str(word) for word in arguments]
        folder = str(cwd or os.getcwd())
        setting = (words, environment, folder, before, writer, self._errors.name)
        self._process = _context.Process(target=_work, args=(run, *setting))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(ROOT))  # the process to fork from starts at the first
            self._process.start()
        writer.close()
        self.stdout = os.fdopen(os.dup(reader.fileno()))
        reader.close()
        for file in (self.stdout, self._errors):
            weakref.finalize(self, file.close)

    @property
    def pid(self):
        return self._process.pid

    @property
    def returncode(self):
        return self._process.exitcode

    def poll(self):
        return self.returncode

    def wait(self, timeout=None):
        self._process.join(timeout)
        return self.returncode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self._process.kill()

    def terminate(self):
        self._process.terminate()

    def communicate(self, timeout=600):
        """What it wrote to stdout and stderr, when it has ended; killed after so many seconds."""
        late = threading.Timer(timeout, self.kill)
        late.start()
        with self.stdout:
            out = self.stdout.read()
        self.wait()
        late.cancel()
        return out, self.read_errors()

    def read_errors(self):
        """What it wrote to stderr, so far."""
        return Path(self._errors.name).read_text()


def fork_file(path, *arguments, **options):
    """Runs a file as `python PATH ARGUMENTS` would."""
    return Fork(_run_file, path, *arguments, **options)


def fork_module(name, *arguments, **options):
    """Runs a module as `python -m NAME ARGUMENTS` would."""
    return Fork(_run_module, name, *arguments, **options)


def fork_code(code, *arguments, **options):
    """Runs lines of Python as `python -c CODE ARGUMENTS` would."""
    return Fork(_run_code, code, *arguments, **options)


def _work(run, arguments, environment, folder, before, writer, errors):
    os.dup2(writer.fileno(), 1)
    writer.close()
    with open(errors, "w") as file:
        os.dup2(file.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = arguments
    if before:
        before()
    run()


def _run_file():
    runpy.run_path(sys.argv[0], run_name="__main__")


def _run_module():
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _run_code():
    code, sys.argv[0] = sys.argv[0], "-c"
    exec(code, {"__name__": "__main__"})  # noqa: S102 - lines of a test's own
