"""`m2m clean` lists what killed commands left, and removes it only where --yes says so."""

from tests.runs.test_clean import leave


def test_it_lists_and_says_the_command_that_removes(m2m, tmp_path):
    left = leave(tmp_path / "my runs" / ".a.unfinished", "m2m transfer --out 'my runs/a'", True)
    result = m2m("clean", "my runs")
    assert result.status == 0, result.err
    assert "of m2m transfer --out 'my runs/a': it goes on from there" in result.out
    assert result.out.endswith("To remove all of it: m2m clean 'my runs' --yes\n")
    assert left.exists()


def test_yes_removes_and_says_what(m2m, tmp_path):
    left = leave(tmp_path / "runs" / ".a-0123abcd")
    result = m2m("clean", "runs", "--yes")
    assert result.out.startswith("Removed runs/.a-0123abcd (") and not left.exists()
    assert m2m("clean", "runs", "--yes").out == "Nothing is left behind\n"


def test_a_folder_that_is_not_there_is_refused(refused):
    assert "'gone' is none" in refused("clean", "gone")


def test_the_next_command_with_the_same_output_says_what_is_there(m2m, tmp_path):
    command = "m2m evaluate --model x --out runs/verdict"
    left = leave(tmp_path / "runs" / ".verdict-0123abcd", command)
    result = m2m("evaluate", "--model", "gone", "--target", "demo:digits", "--out", "runs/verdict")
    assert result.out.startswith(f"Found {left} (")
    assert f"less than a minute old), of {command}: of no more use; m2m clean removes" in result.out
