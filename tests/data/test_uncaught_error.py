"""An error that nobody catches ends the process: its threads must not hold it."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.slow

READ = "import sys; from m2m_tf import data; data.load(sys.argv[1]).numpy(50)"


def test_a_process_ends_after_an_uncaught_error_of_a_large_folder(tmp_path):
    for index in range(1600):
        shape = (20, 28) if index == 20 else (28, 28)
        Image.fromarray(np.full(shape, index % 256, "uint8")).save(tmp_path / f"{index:04}.png")
    done = subprocess.run(
        [sys.executable, "-c", READ, tmp_path], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "0020.png has (20, 28)" in done.stderr
