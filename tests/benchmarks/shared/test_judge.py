"""The judge of what contenders learned."""

import numpy as np
import pytest

from benchmarks.shared.judge import Judge
from m2m_tf import data


@pytest.mark.slow
def test_the_judge_finds_copies_and_draws_the_lines(shared_autoencoder, digits):
    judge = Judge(shared_autoencoder, data.load(digits[:400]), count=400)
    assert len(judge.training) == 360 == len(judge.images) == len(judge.codes)
    np.testing.assert_allclose(
        judge.codes, shared_autoencoder.encode(judge.images), rtol=1e-4, atol=1e-4
    )
    copies = _Copies(judge.images)
    assert abs(judge.fid(copies, seed=0)) < 1e-3 < judge.lines["floor"]
    final = judge.final(copies, seed=0)
    assert final["audits"]["features"]["flagged"] and final["figures"]["precision"] == 1
    broken = _Copies(np.full_like(judge.images, np.nan))
    assert judge.fid(broken, 0) is None and judge.final(broken, 0)["figures"] is None


class _Copies:
    """A generator that returns its training images."""

    in_image_space = True
    draws_reconstructions = False

    def __init__(self, images):
        self.images = images

    def generate(self, count, seed):
        return self.images[:count]
