"""What the page's server takes, over a real port, and what it leaves."""

from pathlib import Path

import pytest
import requests

from tests.extras import needs
from tests.serving.explorer.conftest import open_page

pytestmark = pytest.mark.slow

needs("app", "gradio")


def upload(address, size):
    file = {"files": ("mine.png", b" " * size, "image/png")}
    return requests.post(f"{address}/gradio_api/upload", files=file, timeout=60)


@pytest.mark.parametrize("path", ["/config", "/config/", "/openapi.json", "/docs"])
@pytest.mark.parametrize("prefix", ["", "/gradio_api"])
def test_the_page_does_not_tell_of_its_inside(address, prefix, path):
    answer = requests.get(f"{address}{prefix}{path}", timeout=60)
    assert answer.status_code == 404


def test_the_page_is_told_to_nobody_who_calls_it_by_another_name(address):
    assert requests.get(address, timeout=60).status_code == 200
    answer = requests.get(address, headers={"host": "evil.example"}, timeout=60)
    assert answer.status_code == 421 and "--allow_host" in answer.json()["error"]


@pytest.mark.parametrize(("megabytes", "status"), [(1, 200), (21, 413)])
def test_a_picture_of_too_many_bytes_is_refused(address, megabytes, status):
    assert upload(address, megabytes * 1_000_000).status_code == status


def test_a_message_of_too_many_bytes_is_refused(address):
    body = b'{"data": ["' + b"A" * 21_000_000 + b'"]}'
    answer = requests.post(f"{address}/gradio_api/queue/join", data=body, timeout=60)
    assert answer.status_code == 413 and "at most 20,010,000 bytes" in answer.json()["error"]


def test_a_page_that_is_told_to_end_leaves_no_file(run_folder):
    process, address = open_page("--model", run_folder / "model")
    try:
        (path,) = upload(address, 1000).json()
        assert Path(path).is_file()
    finally:
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Stopped" in out, err
    folder = Path(path).parents[2]
    assert folder.name.startswith("m2m-explore-") and not folder.exists()
