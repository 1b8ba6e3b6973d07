"""The tables of docs/serving.md, of whatever rows there are."""

from benchmarks.tables.serving import formats, small_beside_large


def test_each_form_stands_beside_tensorflow():
    rows = {
        "TensorFlow SavedModel": (0.0, 15_000_000, [100, 200]),
        "OpenVINO": (1.2e-7, 14_400_000, [200, 300]),
    }
    names = ("largest_difference", "bytes", "images_a_second")
    result = {name: dict(zip(names, row, strict=True)) for name, row in rows.items()}
    columns, rows = formats(result)
    assert rows[0] == ["TensorFlow SavedModel", "0", "15.0", "150 (100 to 200)", "1"]
    assert rows[1] == ["OpenVINO", "1e-07", "14.4", "250 (200 to 300)", "1.75 (1.50 to 2.00)"]
    assert len(columns) == 5


def test_one_client_stands_beside_many():
    waits = {"median": 45.2, "p99": 99.0, "most": 1234.0}
    part = {"requests": 1000, "milliseconds": waits, "megabytes": {"most": 900}}
    parts = {name: part for name in ("alone", "beside", "afterwards")}
    columns, rows = small_beside_large({"large": {"clients": 4, "images": 4096}, "parts": parts})
    assert len(columns) == 6
    assert rows[1][0] == "beside 4 who ask for 4,096 each"
    assert rows[1][1:] == ["1,000", "45", "99", "1,234", "900"]
