"""What `import m2m_tf` gives, whatever the program is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import m2m_tf as m2m

ROOT = Path(__file__).parents[1]


def test_errors_that_users_catch_are_at_the_root():
    assert issubclass(m2m.NonFinite, ArithmeticError)
    assert issubclass(m2m.WorkerLost, RuntimeError)
    assert issubclass(m2m.WeightsUnavailable, ValueError)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["m2m", "other.py"])
def test_a_script_gets_the_whole_package_whatever_it_is_called(tmp_path, name):
    script = tmp_path / name
    script.write_text(
        "import m2m_tf as m2m\nassert m2m.Autoencoder and m2m.data.load\n"
        "from m2m_tf import *\nassert len(m2m.__all__) > 10\n"
        "assert all(name in globals() for name in m2m.__all__)\n"
    )
    command = [sys.executable, str(script)]
    done = subprocess.run(command, env=_env(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_command_loads_no_tensorflow_before_it_needs_it(tmp_path):
    script = tmp_path / "m2m"
    script.write_text("import sys, m2m_tf\nassert 'tensorflow' not in sys.modules\n")
    done = subprocess.run([sys.executable, str(script)], env=_env(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Autoencodr'"):
        _ = m2m.Autoencodr


def _env():
    return {**os.environ, "PYTHONPATH": str(ROOT)}
