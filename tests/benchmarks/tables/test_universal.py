"""The tables of docs/universal.md, of whatever rows there are."""

from benchmarks.tables.universal import path_memory, universal, universal_beside_others


def row(mse, images=1000, **more):
    fids = {"efficientnet_lite0": 100 * mse, "squeezenet": 1000 * mse}
    held_out = {"efficientnet_lite0": images / 1000, "squeezenet": images / 100}
    kept = {"images": images, "mse": mse, "psnr": 20.0, "floor": fids, "held_out": held_out}
    return kept | more


ROWS = {
    "emoji_64_map, of before on terrain_64": row(0.4),
    "folder/emoji_64_map on terrain_128": row(0.4),
    "taef2 on micah_256": row(0.2, 750),
    "universal on micah_256": row(
        0.1, 750, mixture={"efficientnet_lite0": 7.0, "squeezenet": 70.0}
    ),
    "glyphs_28 on digits": row(0.3, variance_in_axes={"64": 0.5, "256": 0.75}),
    "universal on terrain_64": row(0.1),
    "taef2 on micah_128": row(0.2),
    "taef2 on a new one": row(0.2),
}


def test_targets_come_in_their_order_and_universal_first():
    columns, rows = universal(ROWS)
    assert [(cells[0], cells[2]) for cells in rows if cells[0]] == [
        ("micah faces, 128", "TAEF2"),
        ("micah faces, 256", "**universal**"),
        ("micah faces, 256", "TAEF2"),
        ("terrain, 64", "**universal**"),
        ("terrain, 64", "`emoji_64_map`, of before"),
        ("terrain, 128", "`emoji_64_map`, of before"),
        ("digits, grey, 32", "`glyphs_28`"),
        ("a new one", "TAEF2"),
    ]
    assert all(len(cells) == len(columns) for cells in rows)


def test_held_out_images_stand_below_each_target_once():
    rows = universal(ROWS)[1]
    assert [cells[2] for cells in rows].count("held-out real images") == 6
    below = rows[[cells[2] for cells in rows].index("**universal**") + 2]
    assert below == ["", "", "held-out real images", "", "", "0.8", "8", "", "", "", ""]


def test_what_was_not_measured_is_left_empty():
    rows = {(cells[0], cells[2]): cells[7:] for cells in universal(ROWS)[1]}
    assert rows["micah faces, 256", "**universal**"] == ["", "", "7.0", "70"]
    assert rows["digits, grey, 32", "`glyphs_28`"] == ["0.500", "0.750", "", ""]


def test_rows_of_other_numbers_of_images_are_not_divided_by_each_other():
    rows = {"universal on tiles": row(0.1), "taef2 on tiles": row(0.2, images=500)}
    assert universal_beside_others(rows)[1] == []
    assert [cells[1] for cells in universal(rows)[1]] == ["1,000", "", "500", ""]


def test_quotients_are_those_of_universal_to_the_other():
    assert universal_beside_others(ROWS)[1] == [
        ["micah faces, 256", "TAEF2", "0.50", "0.50", "0.50", "", ""],
        ["terrain, 64", "`emoji_64_map`, of before", "0.25", "0.25", "0.25", "", ""],
    ]


def test_steps_stand_beside_those_at_the_first_size():
    after = {"start": 0.5, "exporting": 1.25}
    first = {"steps_per_second": [80, 90, 70], "beside_the_first": [1, 1, 1]}
    other = {"steps_per_second": [60, 63, 63], "beside_the_first": [0.75, 0.7, 0.9]}
    columns, rows = path_memory(
        {"64": {"GiB_after": after} | first, "1024": {"GiB_after": after} | other}
    )
    assert columns[1:3] == ["GiB, start", "GiB, exporting"]
    assert columns[-1] == "beside those at 64"
    assert rows == [
        ["64", "0.50", "1.25", "80 (70 to 90)", "1.00 (1.00 to 1.00)"],
        ["1024", "0.50", "1.25", "63 (60 to 63)", "0.75 (0.70 to 0.90)"],
    ]
