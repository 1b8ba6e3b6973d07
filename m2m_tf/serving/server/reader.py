"""Reads requests where they hold up nobody: large ones in a process of their own."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import orjson

from m2m_tf.serving.server import reading

SMALL = 16_384  # bytes: read in two milliseconds whatever they are
RECYCLED = 1_000_000  # bytes of a body after which the process has grown
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Reader:
    """Turns the bodies of requests into arrays.

    Args:
        specs: What the signatures take, as `reading.read` wants it.
        most_rows: Rows that a tensor may have.
    """

    def __init__(self, specs, most_rows):
        self._specs, self._most_rows = specs, most_rows
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read")  # waits for the process
        self._process = None

    async def read(self, body, is_open=False):
        """A body, as `reading.Asked`.

        Args:
            body: Bytes.
            is_open: Whether it is of the open protocol.

        Raises:
            BadRequest: If it does not fit the signature.
        """
        if len(body) <= SMALL:
            return reading.read(self._specs, body, self._most_rows, is_open)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._ask, body, is_open)

    def _ask(self, body, is_open):
        process = self._started()
        try:
            reading.send(process.stdin, bytes([is_open]), body)
            message = reading.receive(process.stdout)
        except (OSError, EOFError) as error:  # killed for its memory, perhaps
            self._end()
            raise RuntimeError("The process that reads requests has ended.") from error
        if len(body) > RECYCLED:
            self._end()  # with all that it holds
        return reading.unpacked(message)

    def _started(self):
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", reading.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **ONE_THREAD},
            )
            settings = orjson.dumps([self._specs, self._most_rows])
            reading.send(self._process.stdin, settings)
        return self._process

    def _end(self):
        process, self._process = self._process, None
        process.kill()
        process.communicate()

    def stop(self):
        """Ends the process."""
        self._thread.shutdown()
        if self._process is not None:
            self._end()
