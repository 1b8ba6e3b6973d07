"""The page in a real browser: buttons are pressed, and the pictures change."""

import base64
import hashlib
import io
import os
import re
import shutil

import numpy as np
import pytest
import requests
from PIL import Image

from tests.extras import module_of, needs

needs("app", "gradio")
webdriver = module_of("dev", "selenium.webdriver")
By = module_of("dev", "selenium.webdriver.common.by").By
WebDriverWait = module_of("dev", "selenium.webdriver.support.ui").WebDriverWait

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DRIVER = shutil.which("chromedriver")
NEEDED = os.environ.get("M2M_BROWSER") == "needed"  # then it is a failure that there is none
QUIET = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --window-size=1280,1000"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (BROWSER and DRIVER or NEEDED),
        reason="the browser tests did not run: install chromium and chromedriver",
    ),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for option in QUIET.split():
        options.add_argument(option)
    folder = tmp_path_factory.mktemp("browser")
    options.add_argument(f"--user-data-dir={folder / 'user'}")
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.downloads = folder
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, address):
    """The page, opened anew, with its first images."""
    browser.get(address)
    wait(browser, lambda: len(pictures(browser, "generated")) == 16)
    return browser


def wait(browser, condition, seconds=60):
    return WebDriverWait(browser, seconds, ignored_exceptions=(Exception,)).until(
        lambda _: condition()
    )


def pictures(browser, name):
    """The pixels of the pictures in a part of the page, as the browser was given them."""
    shown = browser.find_elements(
        By.CSS_SELECTOR, f"#{name} .grid-wrap img, #{name} .image-frame img"
    )
    images = [Image.open(io.BytesIO(content(each.get_attribute("src")))) for each in shown]
    return [hashlib.sha256(np.asarray(image.convert("RGB"))).hexdigest() for image in images]


def content(source):
    if source.startswith("data:"):
        return base64.b64decode(source.split(",", 1)[1])
    return requests.get(source, timeout=60).content


def press(browser, name):
    element = browser.find_element(By.ID, name)
    wait(browser, element.is_enabled)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def set_number(browser, name, value):
    field = browser.find_element(By.CSS_SELECTOR, f"#{name} input[type=number]")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
    field.click()
    field.send_keys("\ue009a\ue000" + str(value) + "\ue007\ue004")  # Ctrl-A, the value, Enter, Tab


def generated(browser, seed):
    before = pictures(browser, "generated")
    set_number(browser, "generate-seed", seed)
    press(browser, "generate")
    wait(browser, lambda: pictures(browser, "generated") != before)
    return pictures(browser, "generated")


def test_another_seed_shows_other_images_and_the_same_seed_the_same(page):
    first = pictures(page, "generated")
    other = generated(page, 8)
    assert len(other) == 16 and not set(first) & set(other)
    assert generated(page, 0) == first


def test_truncation_changes_the_images(page):
    first = pictures(page, "generated")
    set_number(page, "generate-psi", 0.5)
    press(page, "generate")
    wait(page, lambda: pictures(page, "generated") != first)


def test_the_images_are_downloaded_as_one_png_file(page, explorer):
    generated(page, 5)
    press(page, "download-png")
    (path,) = wait(page, lambda: list(page.downloads.glob("*.png")))
    images, _ = explorer.sample(16, 5, 1.0)
    picture = np.asarray(Image.open(path))
    assert np.abs(picture[2:114, 2:114].astype(int) - images[0, ..., 0]).max() <= 1


def test_choosing_an_image_shows_its_nearest_training_images(page):
    page.find_elements(By.CSS_SELECTOR, "#generated .thumbnail-item")[3].click()
    wait(page, lambda: len(pictures(page, "neighbours")) == 7)
    assert pictures(page, "neighbours")[0] == pictures(page, "generated")[3]
    captions = [
        each.text for each in page.find_elements(By.CSS_SELECTOR, "#neighbours .caption-label")
    ]
    assert captions[0] == "this image" and captions[1:] == sorted(captions[1:], key=float)


def test_a_walk_is_shown_and_downloaded(page):
    page.find_element(By.XPATH, "//button[@role='tab'][normalize-space()='Walk']").click()
    press(page, "walk")
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, "#walked img"))
    press(page, "download-gif")
    (path,) = wait(page, lambda: list(page.downloads.glob("*.gif")))
    with Image.open(path) as animation:
        assert animation.n_frames == 24


def test_an_uploaded_image_is_reconstructed(page, digits, tmp_path):
    pixels = np.rint((digits[7, ..., 0] + 1) * 127.5).astype("uint8")
    Image.fromarray(pixels).resize((280, 280)).save(tmp_path / "mine.png")
    page.find_element(By.XPATH, "//button[@role='tab'][normalize-space()='Reconstruct']").click()
    field = wait(page, lambda: page.find_element(By.CSS_SELECTOR, "#given input[type=file]"))
    field.send_keys(str(tmp_path / "mine.png"))
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, "#reconstructed img"))
    made = page.find_element(By.CSS_SELECTOR, "#reconstructed img").get_attribute("src")
    assert Image.open(io.BytesIO(content(made))).size == (112, 112)
    wait(page, lambda: len(pictures(page, "given-neighbours")) == 6)


def test_an_empty_seed_is_told_on_the_page(page):
    set_number(page, "generate-seed", "\ue017")  # Delete
    press(page, "generate")
    wait(page, lambda: "its field is empty" in page.find_element(By.TAG_NAME, "body").text)


def test_nothing_is_asked_of_another_machine(page):
    asked = page.execute_script(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    hosts = {re.match(r"\w+://([^/:]+)", name)[1] for name in asked if "://" in name[:8]}
    assert hosts <= {"127.0.0.1", "localhost"}
