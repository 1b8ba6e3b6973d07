"""The tables of docs/scaling.md, of whatever rows there are."""

from benchmarks.tables.encoding import encoding_processes, half_codes


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
