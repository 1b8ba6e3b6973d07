"""The stopwatch, which stands still while what was learned is judged."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.shared.stopwatch import Stopwatch, moments_until


def test_the_stopwatch_stands_while_it_measures():
    now = [0.0]

    def measure():
        now[0] += 100.0
        return 7.0

    watch = Stopwatch((2, 3, 5), measure, clock=lambda: now[0])
    watch.start()
    over = []
    for images in range(1, 6):
        now[0] += 1.0
        over.append(watch.look(images))
    watch.finish()
    assert over == [False, False, False, False, True]
    assert [point["seconds"] for point in watch.points] == [2.0, 3.0, 5.0]
    assert [point["images"] for point in watch.points] == [2, 3, 5]
    assert watch.first_step == 1.0 and watch.paused == 300.0


def test_a_slow_step_is_measured_once_for_all_the_moments_that_it_passes():
    now = [0.0]
    watch = Stopwatch((1, 2, 4, 100), lambda: 1.0, clock=lambda: now[0])
    watch.start()
    now[0] = 5.0
    assert not watch.look(64)
    assert [point["moment"] for point in watch.points] == [4]


def test_a_run_that_ends_early_is_measured_at_its_end():
    now = [0.0]
    watch = Stopwatch((1, 100), lambda: 1.0, clock=lambda: now[0])
    watch.start()
    for now[0] in (2.0, 3.0):
        watch.look(int(now[0]))
    watch.finish()
    assert [point["seconds"] for point in watch.points] == [2.0, 3.0]


@given(st.floats(1, 20_000))
def test_moments_rise_to_the_budget(budget):
    moments = moments_until(budget)
    assert list(moments) == sorted(set(moments)) and moments[-1] == budget
