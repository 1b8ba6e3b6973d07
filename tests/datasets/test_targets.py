"""The targets of the benchmarks."""

import numpy as np
import pytest

from datasets.catalogue import DATA_SETS
from datasets.idx import write_idx
from datasets.store import new_folder
from datasets.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_each_target_is_of_a_data_set_that_takes_its_options(name):
    target = TARGETS[name]
    if target.data_set:
        assert target.options.keys() <= (DATA_SETS[target.data_set].options or {}).keys()


def test_no_two_targets_have_one_title():
    assert len({target.title for target in TARGETS.values()}) == len(TARGETS)
    assert TARGETS["digits"].title == "digits, grey, 32"


def test_the_digits_need_no_data_set():
    assert TARGETS["digits"].load().image_shape == (28, 28, 1)
    assert TARGETS["digits"].load(any_size=True).image_shape == (32, 32, 1)


def test_a_target_is_read_from_the_cache(tmp_path):
    with new_folder(tmp_path / "glyphs_brush", {"name": "glyphs_brush"}) as folder:
        write_idx(folder / "train-images-idx3-ubyte.gz", np.zeros((3, 28, 28), "uint8"))
    images = TARGETS["brush_glyphs"].load(tmp_path)
    assert images.numpy().shape == (3, 28, 28, 1)
