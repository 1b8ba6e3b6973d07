"""The tables of docs/scaling.md, of whatever rows there are."""

from benchmarks.tables.encoding import (
    encoding_processes,
    half_codes,
    million_codes,
    on_paper,
    store_memory,
)


def run(rate, seconds):
    return {"images_a_second": rate, "seconds": seconds, "sha256": "a"}


def test_several_processes_stand_beside_one_round_by_round():
    runs = {"1": [run(100, 30), run(200, 20)], "2": [run(150, 25), run(400, 15)]}
    columns, rows = encoding_processes({"runs": runs, "same_bytes": True})
    assert {len(row) for row in rows} == {len(columns)}
    assert rows[0] == ["1", "150 (100 to 200)", "1", "25 (20 to 30)"]
    assert rows[1][2] == "1.75 (1.50 to 2.00)"


def test_codes_of_both_kinds_stand_side_by_side():
    fids = {"float32": 26.7321, "float16": 26.7329}
    row = {"difference": 0.00391, "efficientnet_lite0": fids, "squeezenet": fids}
    columns, rows = half_codes({"faces": row})
    assert rows == [["faces", "26.732", "26.733", "26.732", "26.733", "0.0039"]]
    assert len(columns) == 6


def test_codes_on_disk_stand_beside_those_in_memory():
    rates = {"memory": [40, 50], "cached": [40, 45], "cold": [36, 45]}
    most = {"memory": 1000.0, "disk": 1234.5}
    result = {"gibibytes": 1.0, "steps_a_second": rates, "megabytes": most}
    columns, rows = store_memory(result)
    assert len(columns) == 3 and rows[0] == ["10,000, in memory", "1,000", "1"]
    assert rows[1][1:] == ["1,234", "0.95 (0.90 to 1.00)"]
    assert rows[2][1:] == ["1,234", "0.90 (0.90 to 0.90)"]


def test_a_million_images_take_what_was_measured():
    took = {"seconds": 99.6, "megabytes": 1234.5}
    fit = {**took, "axes": 343, "updates": 1000}
    columns, rows = million_codes({"count": 10**6, "workers": 2, "encode": took, "fit": fit})
    assert columns[0] == "1,000,000 images of 32x32"
    assert rows[0] == ["encoded by 2 processes", "100", "1,234"]
    assert rows[1][0] == "measured along 343 axes, fitted, 1,000 updates"


def test_more_images_are_computed_from_one_process():
    _, rows = on_paper({"runs": {"1": [run(1000, 30)], "2": [run(2000, 30)]}})
    assert rows[0] == ["1e6", "0.3", "0.01", "4", "0.09", "0.1"]
    assert rows[2] == ["1e9", "277.8", "11.11", "4,096", "94.21", "136.5"]
