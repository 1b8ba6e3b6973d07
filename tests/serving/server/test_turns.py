"""A request that has just come waits for two slices at most, whatever is at work."""

import asyncio
import functools

import pytest

from m2m_tf.serving.server.turns import Turns


def order_of(large, small_after, threads=1, slices=6):
    """Whose slices were computed, in order: some large requests, and a small one that comes."""
    computed = []

    async def request(name, turns, count):
        for number in range(count):
            work = functools.partial(computed.append, name)
            await turns.run(work, later=number > 0)

    async def all_requests():
        turns = Turns(threads)
        asked = [asyncio.ensure_future(request(k, turns, slices)) for k in range(large)]
        while len(computed) < small_after:
            await asyncio.sleep(0)
        begun = len(computed)
        await request("small", turns, 1)
        await asyncio.gather(*asked)
        turns.stop()
        return begun

    return asyncio.run(all_requests()), computed


@pytest.mark.parametrize("large", [1, 4, 20])
def test_a_small_request_waits_for_two_slices_at_most(large):
    begun, computed = order_of(large, small_after=2 * large)  # each has had its first slice
    assert computed.index("small") - begun <= 2


def test_large_requests_take_turns():
    _, computed = order_of(3, small_after=3)
    for end in range(len(computed)):
        counts = [computed[:end].count(name) for name in range(3)]
        assert max(counts) - min(counts) <= 3
    assert sorted(computed, key=str) == [0] * 6 + [1] * 6 + [2] * 6 + ["small"]


def test_a_large_request_goes_on_while_small_ones_keep_coming():
    computed = []

    async def main():
        turns = Turns(1)
        large = asyncio.ensure_future(slices_of(turns, 10))
        while not large.done():
            await asyncio.gather(*(turns.run(functools.partial(computed.append, 0)) for _ in "ab"))
            assert len(computed) < 100
        turns.stop()

    async def slices_of(turns, count):
        for number in range(count):
            await turns.run(lambda: None, later=number > 0)

    asyncio.run(main())


def test_one_that_gives_up_takes_no_turn():
    async def main():
        turns, made = Turns(1), []
        asked = [
            asyncio.ensure_future(turns.run(functools.partial(made.append, k))) for k in range(9)
        ]
        await asyncio.sleep(0)
        for each in asked[1:8]:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        assert {0, 8} <= set(made)
        await turns.run(functools.partial(made.append, "next"))
        turns.stop()
        return made

    assert asyncio.run(main())[-1] == "next"


def test_what_a_slice_raises_frees_its_turn():
    async def main():
        turns = Turns(1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await turns.run(lambda: 1 / 0)
        turns.stop()

    asyncio.run(main())
