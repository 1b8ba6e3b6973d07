"""What a fit trains on, and what it holds out."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.target import encode_target

pytestmark = pytest.mark.slow


def encoded(model, target, validation, labels=None):
    return encode_target(model, target, labels, validation, 50, None, 0)


def test_images_for_validation_are_what_is_held_out(make_mind, digits):
    model = make_mind()
    for data in (digits[200:300], (digits[200:300], None), (digits[200:300],)):
        found = encoded(model, digits[:200], (0.0, data))
        assert found.codes.count == found.record["images"] == 200
        expected = model.autoencoder.encode(digits[200:300])
        np.testing.assert_allclose(found.held_out.codes, expected, atol=1e-5)


def test_codes_for_validation_are_taken_as_they_are(make_mind, some_codes):
    found = encoded(make_mind(), some_codes[:200], (0.0, some_codes[200:]))
    np.testing.assert_array_equal(found.held_out.codes, some_codes[200:])


def test_images_for_validation_bring_the_labels_of_a_model_with_classes(make_mind, digits):
    model, labels = make_mind(classes=2), np.arange(300) % 2
    data = digits[200:300], labels[200:]
    found = encoded(model, digits[:200], (0.0, data), labels[:200])
    np.testing.assert_array_equal(found.held_out.labels, labels[200:])
    with pytest.raises(ValueError, match="labels"):
        encoded(model, digits[:200], (0.0, digits[200:300]), labels[:200])


def test_a_share_and_images_to_hold_out_are_refused_together(make_mind, some_codes):
    with pytest.raises(ValueError, match="got both. Leave one out"):
        encoded(make_mind(), some_codes, (0.1, some_codes))


def test_a_fit_on_another_target_says_that_it_keeps_the_first_ones_prior(
    make_mind, some_codes, capsys
):
    model = make_mind()
    for codes, said in ((some_codes[:200], 0), (some_codes[:200], 0), (some_codes[200:], 1)):
        model.fit(codes, batch_size=100, verbose=2)
        printed = capsys.readouterr().out
        assert printed.count("fitted to another target before, whose measure of codes") == said


def test_few_images_for_validation_are_read_in_the_range_of_the_target(make_mind, digits):
    model = make_mind()
    floats = (digits[:220] + 1) / 2
    found = encoded(model, floats[:200], (0.0, floats[200:]))
    expected = model.autoencoder.encode(digits[200:220])
    np.testing.assert_allclose(found.held_out.codes, expected, atol=1e-4)
    found = encoded(model, floats[:200], (0.0, digits[200:220]))
    np.testing.assert_allclose(found.held_out.codes, expected, atol=1e-4)


def test_weights_beside_images_for_validation_are_refused(make_mind, digits):
    data = digits[:20], np.zeros(20, "int32"), np.ones(20)
    with pytest.raises(ValueError, match="look like weights.* leave the weights out"):
        encoded(make_mind(classes=2), digits[:200], (0.0, data), np.arange(200) % 2)


@pytest.mark.parametrize("shape", [(300, 7), (300, 784)])
def test_rows_that_are_no_codes_are_told_the_width_of_codes(make_mind, shape):
    said = (
        r"images \(n, 28, 28, 1\), or their codes \(n, 16\).*got \(300, 7.*reshape\(-1, 28, 28, 1"
    )
    with pytest.raises(ValueError, match=said):
        encoded(make_mind(), np.zeros(shape, "float32"), (0.0, None))


def test_a_range_that_is_given_is_kept_for_all_that_follows(make_mind, digits, tmp_path):
    dark = np.rint((digits[:200] + 1) * 42.5).astype("uint8")
    model, settings = make_mind(), {"batch_size": 50, "verbose": 0}
    model.fit(dark, value_range=(0, 85), validation_split=0.2, **settings)
    record = model.trained_on
    assert record["value_range"] == [0, 85] and record["range_given_for"] == "uint8"
    expected = model.evaluate(dark, value_range=(0, 85), verbose=0)
    held_out = model.held_out_codes.count
    model.save(tmp_path / "model")
    for each in (model, m2m.Mind2Mind.load(tmp_path / "model")):
        assert each.trained_on == record
        assert each.evaluate(dark, verbose=0) == pytest.approx(expected, rel=1e-3)
        assert each.thaw(dark, epochs=1, verbose=0).held_out_images == held_out
    model.fit(dark, validation_split=0.2, **settings)
    assert model.trained_on == record
    found = encoded(model, dark[:150], (0.0, dark[150:]))
    kept = model._encoded.codes[150:]
    np.testing.assert_allclose(found.held_out.codes, kept, atol=1e-4)
    assert "range_given_for" not in found.run


def test_codes_that_are_known_take_the_range_that_was_given_last(make_mind, digits):
    model, floats = make_mind(), (digits[:200] + 1) / 2
    for value_range, given_for in (("auto", None), ((0, 1), "float"), ("auto", "float")):
        model.fit(floats, batch_size=50, epochs=0, verbose=0, value_range=value_range)
        assert model.trained_on["value_range"] == [0, 1]
        assert model.trained_on.get("range_given_for") == given_for
