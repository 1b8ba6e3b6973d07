"""`m2m look` says what lies in a folder, and the command to go on with."""

import shlex

from tests.data.test_look import draw


def test_it_prints_what_was_found_and_the_next_command(m2m, tmp_path):
    for number in range(4):
        draw(tmp_path / "my pics" / "ab"[number % 2] / f"{number}.png", 50, 70, seed=number)
    result = m2m("look", "my pics")
    assert result.status == 0, result.err
    assert "my pics: 4 images, all 50x70 (height x width), colour, 2 sub-folders" in result.out
    words = shlex.split(result.out.splitlines()[-1].removeprefix("Next: "))
    assert words[:4] == ["m2m", "transfer", "--target", "my pics"]
    assert words[4:] == [
        *("--image_size", "48x72", "--fit", "crop", "--conditional", "--out", "runs/mine")
    ]


def test_a_name_that_is_not_there_is_refused(refused):
    assert "nothing is at 'pcis'" in refused("look", "pcis")
