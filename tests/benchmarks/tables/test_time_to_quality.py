"""The table of docs/measured/time_to_quality.md, of whatever runs there are."""

from benchmarks.tables.time_to_quality import time_to_quality


def run(seed, early, end, flagged=False):
    points = [
        {"moment": 60, "seconds": 60.4, "fid": early},
        {"moment": None, "seconds": 182.0, "fid": end},
    ]
    audits = {"features": {"flagged": False}, "codes": {"flagged": flagged}}
    return {"settings": {"seed": seed}, "points": points, "final": {"audits": audits}}


def result(target, codes, **runs):
    lines = {"held_out": 2.0, "floor": 1.0}
    facts = {"target": target, "autoencoder": "any", "code_shape": [codes], "lines": lines}
    return {"facts": facts, "runs": runs}


RUNS = {
    "mind, seed 1, 180 s": run(1, 8, 6, flagged=True),
    "mind, seed 0, 180 s": run(0, 9, 3),
    "prior, seed 0, 180 s": run(0, 11, 11),
    "prior, seed 1, 180 s": run(1, 11, 11),
    "paper, seed 0, 180 s": run(0, 80, 40),
}


def test_a_row_is_a_target_and_an_autoencoder_over_all_seeds():
    results = [result(*which, **RUNS) for which in (("brush_glyphs", 64), ("digits", 64))]
    columns, rows = time_to_quality([*results, result("digits", 256, **RUNS)])
    assert all(len(cells) == len(columns) for cells in rows)
    assert [row[1] for row in rows][:2] == ["`any`, codes of 256", "`any`, codes of 64"]
    assert rows[0][2:] == [
        *("2", "2.0", "1.0", "11.0 (11.0 to 11.0)", "8.5 (8.0 to 9.0)"),
        *("**4.5 (3.0 to 6.0)**, 182 (182 to 182) s", "0.35 (0.20 to 0.50)", "1 of 2"),
    ]
