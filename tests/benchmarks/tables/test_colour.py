"""The tables of docs/measured/colour.md, of whatever rows there are."""

import pytest

from benchmarks.tables.colour import minds_in_colour, minds_in_colour_in_full


def row(mind, guidance=1.3, flagged=False):
    def figures(fid):
        return {
            name: {"fid": fid * size, "kid": fid / 1000}
            for name, size in (("efficientnet_lite0", 1), ("squeezenet", 10))
        }

    return {
        "held_out": figures(2),
        "floor": figures(20),
        "start": figures(60),
        "mind": figures(mind),
        "left": dict.fromkeys(("efficientnet_lite0", "squeezenet"), (mind - 20) / 40),
        "audit": {"flagged": flagged},
        "updates": 5000,
        "kept_after": 1000 * mind,
        "guidance": guidance,
        "standardised": [87],
        "images": {"trained_on": 2700},
    }


ROWS = {
    "universal on terrain_64, 3 minutes, seed 0": row(60, guidance=0.0),
    "universal on micah_64, 3 minutes, seed 0": row(30),
    "universal on micah_64, 3 minutes, seed 1": row(40, flagged=True),
    "universal on micah_64, 3 minutes, seed 2": row(28),
    "taef2 on micah_64, 3 minutes, seed 0": row(28, guidance=None),
}


def test_a_row_is_a_target_and_an_extractor_over_all_seeds():
    columns, rows = minds_in_colour(ROWS)
    assert all(len(cells) == len(columns) for cells in rows)
    assert rows[0] == [
        *("micah faces, 64", "3", "`efficientnet_lite0`", "2.0", "20.0"),
        *("60.0 (60.0 to 60.0)", "**30.0 (28.0 to 40.0)**", "0.25 (0.20 to 0.50)"),
    ]
    assert rows[1][:2] == ["", ""] and rows[1][6] == "**300 (280 to 400)**"
    assert rows[2][:2] == ["micah faces, 64, TAEF2", "1"] and rows[4][0] == "terrain, 64"
    assert len(rows) == 6


def test_in_full_it_says_how_minds_were_made_and_what_was_flagged():
    columns, rows = minds_in_colour_in_full(ROWS)
    assert all(len(cells) == len(columns) for cells in rows)
    found = dict(zip(columns, rows[0], strict=True))
    assert found["kept after"] == "30,000 (28,000 to 40,000)"
    assert dict(zip(columns, rows[1], strict=True))["guidance"] == "none"  # no flow
    assert found["guidance"] == "1.3, 1.3, 1.3" and found["flagged"] == "1 of 3"
    assert found["KID in `squeezenet`: floor, start, mind"] == "0.02, 0.06, 0.03"


def test_an_unknown_target_is_refused():
    with pytest.raises(ValueError, match="'stamps' is not in list"):
        minds_in_colour({"universal on stamps, 3 minutes, seed 0": row(30)})
