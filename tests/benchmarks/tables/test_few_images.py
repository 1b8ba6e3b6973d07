"""The table of docs/few_images.md, of whatever rows there are."""

from benchmarks.tables.few_images import TITLES, few_images


def facts(count, distance, flagged):
    figures = {
        "frechet_distance": distance,
        "kernel_distance": 1.0,
        "precision": 0.5,
        "recall": 0.2,
    }
    judged = {**figures, "flagged": flagged, "ratio": 0.9}
    return {"count": count, **dict.fromkeys(TITLES, judged), "training images": figures}


def test_a_row_is_a_number_of_images_and_a_generator_over_all_seeds():
    columns, rows = few_images(
        {
            "a, 2000 images, 8 steps, seed 0": facts(2000, 9.0, False),
            "a, 500 images, 8 steps, seed 0": facts(500, 30.0, True),
            "a, 500 images, 8 steps, seed 1": facts(500, 50.0, False),
            "a, 500 images, 8 steps, seed 2": facts(500, 33.0, True),
        }
    )
    assert {len(row) for row in rows} == {len(columns)} and len(rows) == 2 * len(TITLES)
    assert rows[0][0] == "500" and rows[0][-2:] == ["", "copies"]
    assert rows[2][2] == "33.0 (30.0 to 50.0)" and rows[2][-2:] == ["0.90", "2 of 3"]
    assert rows[len(TITLES)][:2] == ["2,000", TITLES["training images"]]
