"""Images made over to another size: what they say, skip and are called stays."""

import numpy as np

from m2m_tf.data import load, resize


def test_resized_images_are_those_of_resizing_an_array(pixels):
    images = load(pixels[:20])
    made = load(images, image_shape=(14, 14, 3), image_size=14)
    assert made.image_shape == (14, 14, 3) and made.count == 20 and made.name == images.name
    expected = np.repeat(resize(images.numpy(), 14), 3, axis=-1)
    np.testing.assert_allclose(made.numpy(), expected, atol=1e-5)


def test_notes_and_skipped_files_are_kept_and_what_was_done_is_added(folder):
    (folder / "003.png").write_text("no image")
    images = load(folder, max_bad=0.2)
    made = load(images, image_shape=(14, 14, 1), image_size=14)
    assert len(list(made.numpy())) == 39
    assert [name for name, _ in made.skipped] == ["003.png"]
    assert any("from (28, 28) to (14, 14)" in note for note in made.notes)
    assert not any("(14, 14)" in note for note in images.notes)
    assert made.fingerprint != images.fingerprint
