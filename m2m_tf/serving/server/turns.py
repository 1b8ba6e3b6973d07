"""Who computes next: a request that has just come, and one that is at work, by turns."""

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class Turns:
    """Threads that compute slices of requests, in a fair order.

    The first slice of a request waits for the slices that are computed when it comes and for one
    later slice of another request, not for the rest of them. Later slices take turns.

    Args:
        threads: Slices that are computed at once.
    """

    def __init__(self, threads):
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._free = threads
        self._waiting = {False: deque(), True: deque()}  # by whether it is a later slice
        self._next_later = False

    async def run(self, function, later=False):
        """Runs a function in a thread when its turn comes; returns what it returns.

        Args:
            function: Computes one slice.
            later: Whether its request has had a slice already.
        """
        await self._turn(later)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function)
        finally:
            self._give()

    async def _turn(self, later):
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting[later].append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # given, and not to be taken: the next one's
                self._give()
            raise

    def _give(self):
        """Gives a turn that has become free to the kind that did not have the last one."""
        for later in (self._next_later, not self._next_later):
            waiting = self._waiting[later]
            while waiting:
                turn = waiting.popleft()
                if not turn.done():
                    self._next_later = not later
                    turn.set_result(None)
                    return
        self._free += 1

    def stop(self):
        """Waits for what is computed."""
        self._threads.shutdown()
