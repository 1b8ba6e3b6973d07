"""The record of finished runs."""

import numpy as np

from benchmarks.shared.record import Record


def test_a_record_skips_finished_runs_until_their_settings_change(tmp_path):
    settings = {"seed": 0, "betas": (0.1, 0.5), "budget": np.float32(6)}
    record = Record(tmp_path / "runs.json")
    assert record.find("mind", settings) is None
    points = [{"seconds": 1, "fid": 2.0}]
    record.add("mind", {"settings": settings, "points": points})
    again = Record(tmp_path / "runs.json")
    assert again.find("mind", settings)["points"] == points
    for name, changed in (("seed", 1), ("budget", 7), ("betas", (0.0, 0.9))):
        assert again.find("mind", {**settings, name: changed}) is None
    again.add("mind", {"settings": {**settings, "budget": 7}, "points": []})
    assert again.find("mind", settings) is not None  # a trial does not cost a longer run
