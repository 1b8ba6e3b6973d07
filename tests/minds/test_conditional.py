"""Class-conditional minds: each class is learned, and made when it is asked for."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.pictures import save_folder

pytestmark = pytest.mark.slow

PETS = ("cat", "dog")


@pytest.fixture(scope="module")
def apart():
    """Codes of two classes that lie apart, float32 `(400, 16)`, and labels: 3 in 4 are class 1."""
    rng = np.random.default_rng(0)
    labels = (np.arange(400) % 4 > 0).astype("int64")
    codes = rng.normal(size=(400, 16)) + np.where(labels, 3.0, -3.0)[:, None]
    return codes.astype("float32"), labels


@pytest.fixture(scope="module")
def trained(make_mind, apart):
    """A mind of two named classes, trained on them."""
    model = make_mind(classes=PETS, critic_steps=1, average_decay=0.9, eager=False)
    model.fit(*apart, epochs=30, batch_size=40, verbose=0)
    return model


def sides(codes):
    """The class whose codes lie on the side of each code."""
    return (codes.mean(axis=1) > 0).astype(int)


@pytest.mark.parametrize("number, name", list(enumerate(PETS)))
def test_the_class_that_is_asked_for_is_generated(trained, number, name):
    by_number = trained.generate_codes(200, seed=0, label=number)
    assert np.mean(sides(by_number) == number) > 0.97
    np.testing.assert_array_equal(trained.generate_codes(200, seed=0, label=name), by_number)


def test_each_image_can_have_a_label_of_its_own(trained):
    labels = np.arange(60) % 2
    codes = trained.generate_codes(60, seed=0, label=labels)
    assert np.mean(sides(codes) == labels) > 0.97
    names = [PETS[label] for label in labels]
    np.testing.assert_array_equal(trained.generate_codes(60, seed=0, label=names), codes)


def test_without_a_label_each_class_comes_as_often_as_in_the_target(trained):
    np.testing.assert_allclose(trained.class_law.shares, [0.25, 0.75])
    labels = trained.sample_labels(2000, seed=0)
    assert np.mean(labels) == pytest.approx(0.75, abs=0.03)
    codes = trained.generate_codes(2000, seed=0)
    assert np.mean(sides(codes) == labels) > 0.97


def test_images_are_those_of_the_codes(trained):
    for label in (None, "dog", [0, 1, 1, 0, 1]):
        codes = trained.generate_codes(5, seed=2, label=label)
        images = trained.generate(5, seed=2, label=label)
        np.testing.assert_allclose(images, trained.autoencoder.decode(codes), atol=1e-5)


def test_more_images_than_a_batch_keep_their_labels(trained):
    whole = trained.generate(30, seed=0)
    np.testing.assert_allclose(trained.generate(30, seed=0, batch_size=7), whole, atol=1e-5)


def test_given_latents_take_a_label_or_always_the_same_ones(trained):
    latent = trained.sample_latent(20, seed=0)
    dogs = trained.generate_from(latent, label="dog")
    np.testing.assert_array_equal(dogs, trained.generate(20, seed=0, label=1))
    np.testing.assert_array_equal(trained.generate_from(latent), trained.generate_from(latent))


@pytest.mark.parametrize(
    "label, said",
    [
        (2, "labels run from 0 to 1; got 2"),
        ("cow", "no class 'cow'"),
        ([0, 1], "one for each of the 5 images; got 2"),
        (0.5, "whole numbers or names"),
    ],
)
def test_a_label_that_is_none_is_refused(trained, label, said):
    with pytest.raises(ValueError, match=said):
        trained.generate(5, label=label)


def test_a_label_for_a_model_without_classes_is_refused(make_mind):
    model = make_mind()
    assert model.num_classes == 0 and model.sample_labels(3) is None
    for ask in (model.generate, model.generate_codes):
        with pytest.raises(ValueError, match=r"has no classes; got label=1.*classes=10"):
            ask(3, label=1)


def test_a_saved_model_keeps_its_classes_and_their_shares(trained, tmp_path):
    trained.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    assert loaded.classes == PETS
    for label in (None, "dog"):
        ours, theirs = (model.generate(20, seed=0, label=label) for model in (trained, loaded))
        np.testing.assert_array_equal(theirs, ours)


def test_the_critic_sees_real_and_fake_codes_of_the_same_labels(make_mind, apart):
    latent, label = keras.Input((8,)), keras.Input((3,))
    of_class = keras.layers.Dense(16, use_bias=False)
    codes = keras.layers.Add()([of_class(label), keras.layers.Dense(16)(latent) * 0])
    generator = keras.Model([latent, label], codes)
    model = make_mind(classes=3, generator=generator, standardise="scale")
    labels = np.arange(400) % 3
    seen = []

    def critic_step(real, fake, alpha, labels):
        seen.append((real.numpy(), fake.numpy(), labels.numpy(), of_class.kernel.numpy()))
        return type(model).critic_step(model, real, fake, alpha, labels)

    model.critic_step = critic_step  # looks on; the step itself is the model's own
    target = np.repeat(labels[:, None], 16, axis=1).astype("float32")
    model.fit(target, labels, batch_size=50, verbose=0)
    assert len(seen) == 8 * model.critic_steps
    for real, fake, taken, vectors in seen:
        standardised = (taken - labels.mean()) / labels.std()
        np.testing.assert_allclose(real, np.repeat(standardised[:, None], 16, 1), atol=1e-4)
        np.testing.assert_allclose(fake, vectors[taken], atol=1e-5)


@pytest.mark.parametrize("loss", ["wasserstein", "relativistic"])
def test_the_gradient_penalty_holds_the_label(make_mind, loss):
    codes, label = keras.Input((16,)), keras.Input((2,))
    of_class = keras.layers.Dense(16, use_bias=False)
    critic = keras.Model([codes, label], keras.layers.Dot(axes=1)([of_class(label), codes]))
    model = make_mind(classes=2, critic=critic, loss=loss)
    labels = np.arange(20) % 2
    norms = np.linalg.norm(of_class.kernel.numpy()[labels], axis=1)
    real, fake = tf.random.normal((20, 16)), tf.random.normal((20, 16))
    logs = model.critic_step(real, fake, tf.random.uniform((20, 1)), tf.constant(labels))
    off = {"wasserstein": norms - 1, "relativistic": norms}[loss]
    assert float(logs["gradient_penalty"]) == pytest.approx(np.mean(off**2), rel=1e-4)


def test_the_generator_step_makes_the_labels_it_is_given(make_mind):
    model = make_mind(classes=2)
    kernel = model.generator.layers[3].kernel
    assert kernel.shape == (8 + 2, 16)
    before = kernel.numpy()
    model.generator_step(tf.random.normal((20, 16)), tf.zeros(20, tf.int32))
    assert not np.array_equal(kernel[8], before[8])
    np.testing.assert_array_equal(kernel[9], before[9])


def test_two_replicas_train_as_one_device_does(tiny_autoencoder_folder, apart, two_replicas):
    def train():
        keras.utils.set_random_seed(0)
        model = m2m.Mind2Mind(
            m2m.Autoencoder.load(tiny_autoencoder_folder),
            m2m.build_generator(8, (16,), widths=(16,), classes=2),
            m2m.build_critic((16,), widths=(16,), classes=2),
            critic_steps=1,
            classes=2,
            seed=0,
        )
        model.compile(*(keras.optimizers.Adam(1e-3, 0.5, 0.9, epsilon=1e-4) for _ in range(2)))
        model.fit(*apart, batch_size=80, verbose=0)
        return model

    with two_replicas.scope():
        two = train()
    one = train()
    assert (one.replicas, two.replicas) == (1, 2)
    for part in ("generator", "critic", "average", "class_law"):
        ours, theirs = getattr(one, part).weights, getattr(two, part).weights
        for first, second in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(second, first, atol=1e-4, err_msg=first.path)


# --- the labels of the target


def held(model):
    """The labels that a model trained on."""
    return model.codes.labels.tolist()


def test_a_dataset_brings_its_labels(make_mind, digits, capsys):
    labels = np.arange(100) % 2
    target = tf.data.Dataset.from_tensor_slices((digits[:100], labels)).batch(30)
    model = make_mind(classes=2)
    model.fit(target, batch_size=100, verbose=2)
    assert held(model) == labels.tolist()
    assert "ignored the labels" not in capsys.readouterr().out


def rows_of(model, images):
    """The number of the image that each code of the model was made of."""
    known = model.autoencoder.encode(images)
    return np.argmin(((model.codes.codes[:, None] - known) ** 2).sum(axis=2), axis=1)


def test_a_broken_picture_among_the_classes_shifts_no_label(make_mind, digits, tmp_path):
    for number, name in enumerate(PETS):
        save_folder(tmp_path / name, digits[20 * number : 20 * number + 20])
    (tmp_path / "cat" / "000003.png").write_text("no image")
    model = make_mind(classes=PETS)
    model.fit(tmp_path, batch_size=39, verbose=0)
    rows = rows_of(model, digits[:40])
    assert sorted(rows) == [row for row in range(40) if row != 3]
    assert held(model) == (rows >= 20).astype(int).tolist()


def test_a_dataset_that_shuffles_anew_is_read_once_and_shifts_no_label(make_mind, digits):
    labels, passes = np.arange(100) % 2, []

    def elements():
        order = np.random.default_rng(len(passes)).permutation(100)
        passes.append(0)
        for row in order:
            passes[-1] += 1
            yield digits[row], labels[row]

    signature = (tf.TensorSpec((28, 28, 1), tf.float32), tf.TensorSpec((), tf.int64))
    target = tf.data.Dataset.from_generator(elements, output_signature=signature)
    model = make_mind(classes=2)
    model.fit(target, batch_size=100, verbose=0)
    look, *others = passes  # at the first ones, for their shape
    assert look <= 4 and others == [100]
    assert held(model) == labels[rows_of(model, digits[:100])].tolist()


def test_a_shuffled_dataset_is_taken_as_it_is(make_mind, digits):
    labels = np.arange(100) % 2
    target = tf.data.Dataset.from_tensor_slices((digits[:100], labels)).shuffle(100, seed=1)
    model = make_mind(classes=2)
    model.fit(target.batch(30), batch_size=100, verbose=0)
    assert held(model) == labels[rows_of(model, digits[:100])].tolist()


@pytest.mark.parametrize("shuffled", ["late", "anew"])
def test_labels_beside_a_dataset_that_shuffles_anew_are_refused(make_mind, digits, shuffled):
    target = tf.data.Dataset.from_tensor_slices(digits[:100])
    late = target.take(90).concatenate(target.skip(90).shuffle(10, seed=1))
    model, labels = make_mind(classes=2), np.arange(100) % 2
    with pytest.raises(ValueError, match="paired .*by their order.*in another order"):
        changing = late if shuffled == "late" else target.shuffle(100)
        model.fit(changing.batch(30), labels, batch_size=100, verbose=0)
    once = target.shuffle(100, seed=1, reshuffle_each_iteration=False)
    model.fit(once.batch(30), labels, batch_size=100, verbose=0)
    assert held(model) == labels.tolist()


def test_held_out_codes_have_their_labels(make_mind, apart):
    codes, labels = apart
    model = make_mind(classes=2)
    model.fit(codes, labels, batch_size=300, validation_split=0.2, verbose=0)
    for part in (model.codes, model.held_out_codes):
        np.testing.assert_array_equal(part.labels, sides(part.codes))


def test_a_second_fit_takes_the_labels_it_is_given_and_encodes_nothing(make_mind, digits):
    model = make_mind(classes=2)
    labels = np.arange(100) % 2
    model.fit(digits[:100], labels, batch_size=100, verbose=0)
    model.fit(digits[:100], 1 - labels, batch_size=100, verbose=0)
    assert model.codes.from_cache and held(model) == (1 - labels).tolist()
    with pytest.raises(ValueError, match="fit\\(target, labels\\)"):
        model.fit(digits[:100], batch_size=100, verbose=0)


def test_bad_labels_are_refused_before_anything_is_encoded(
    make_mind, digits, monkeypatch, tmp_path
):
    model = make_mind(classes=2)
    monkeypatch.setattr(model.autoencoder, "encode_batch", None)  # a call would fail
    with pytest.raises(ValueError, match="labels run from 0 to 1; got 5"):
        model.fit(digits[:100], np.full(100, 5), verbose=0)
    for name in PETS:
        save_folder(tmp_path / name, digits[:2])
    named = make_mind(classes=("cat", "owl"))
    with pytest.raises(ValueError, match="no class 'dog'"):
        named.fit(tmp_path, verbose=0)


def test_labels_for_a_model_without_classes_are_refused(make_mind, apart):
    with pytest.raises(ValueError, match="the model has no classes. Construct it"):
        make_mind().fit(*apart, verbose=0)


def test_a_model_without_classes_trains_on_codes_that_have_labels(make_mind, apart):
    model = make_mind(classes=2)
    model.fit(*apart, batch_size=400, verbose=0)
    plain = make_mind()
    plain.fit(model.codes, batch_size=400, verbose=0)
    assert plain.codes.labels is None and "class_law" not in str(plain.weights)
