"""What Mind2Mind refuses, and what it says."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds import checks

GOOD = {"critic_steps": 5, "gradient_penalty": 10.0, "drift_penalty": 0.0, "average_decay": 0.999}


def test_good_settings_pass():
    assert checks.check_settings(**GOOD) == tuple(GOOD.values())


def test_settings_of_numpy_come_back_as_pythons_own():
    given = {name: np.float64(value) for name, value in GOOD.items()}
    checked = checks.check_settings(**{**given, "critic_steps": np.int64(5)})
    assert [type(each) for each in checked] == [int, float, float, float]


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("critic_steps", 0, "whole number of 1 or more; got 0"),
        ("critic_steps", 2.5, "whole number of 1 or more; got 2.5"),
        ("critic_steps", -1, "whole number of 1 or more; got -1"),
        ("critic_steps", "five", "whole number of 1 or more; got 'five'"),
        ("critic_steps", None, "whole number of 1 or more; got None"),
        ("gradient_penalty", -1, "weight of 0 or more; got -1"),
        ("gradient_penalty", float("nan"), "weight of 0 or more; got nan"),
        ("drift_penalty", float("inf"), "weight of 0 or more; got inf"),
        ("drift_penalty", None, "weight of 0 or more; got None"),
        ("average_decay", 1.0, r"lies in \[0, 1\); got 1.0"),
        ("average_decay", -0.1, r"lies in \[0, 1\); got -0.1"),
        ("average_decay", "high", r"lies in \[0, 1\); got 'high'"),
    ],
)
def test_a_setting_out_of_range_is_named_with_what_came(name, value, said):
    with pytest.raises(ValueError, match=f"{name} .*{said}"):
        checks.check_settings(**{**GOOD, name: value})


@pytest.mark.parametrize("given", ["fashion_mnist_28", None, keras.Sequential()])
def test_what_is_no_autoencoder_is_refused_with_how_to_make_one(given):
    with pytest.raises(ValueError, match="expects a m2m.Autoencoder; got .*from_preset"):
        m2m.Mind2Mind(given)


def test_networks_that_fit_pass_and_give_the_latents_width():
    generator, critic = m2m.build_generator(7, (3,), (4,)), m2m.build_critic((3,), (4,))
    assert checks.check_networks(generator, critic, (3,), None) == 7
    assert checks.check_networks(generator, critic, (3,), 7) == 7


def test_another_latent_dim_than_the_generators_is_refused():
    generator, critic = m2m.build_generator(7, (3,), (4,)), m2m.build_critic((3,), (4,))
    with pytest.raises(ValueError, match="latent_dim is 8, but the generator takes latents of 7"):
        checks.check_networks(generator, critic, (3,), 8)


def test_a_generator_of_other_codes_is_refused():
    generator, critic = m2m.build_generator(7, (5,), (4,)), m2m.build_critic((3,), (4,))
    with pytest.raises(ValueError, match=r"to codes \(n, 3\); it maps \(None, 7\) to \(None, 5\)"):
        checks.check_networks(generator, critic, (3,), None)


def test_a_generator_of_latents_that_are_no_vectors_is_refused():
    latent = keras.Input((7, 2))
    codes = keras.layers.Dense(3)(keras.layers.Flatten()(latent))
    with pytest.raises(ValueError, match=r"must map latents \(n, latent_dim\)"):
        checks.check_networks(keras.Model(latent, codes), m2m.build_critic((3,)), (3,), None)


def test_a_critic_of_other_codes_or_more_scores_is_refused():
    generator = m2m.build_generator(7, (3,), (4,))
    code = keras.Input((3,))
    two_scores = keras.Model(code, keras.layers.Dense(2)(code))
    for critic in (m2m.build_critic((5,), (4,)), two_scores):
        with pytest.raises(ValueError, match=r"critic must map codes \(n, 3\) to scores \(n, 1\)"):
            checks.check_networks(generator, critic, (3,), None)


def test_networks_that_take_labels_pass_and_give_the_latents_width():
    generator = m2m.build_generator(7, (3,), (4,), classes=5)
    critic = m2m.build_critic((3,), (4,), classes=5)
    assert checks.check_networks(generator, critic, (3,), None, classes=5) == 7


@pytest.mark.parametrize("of_generator, of_critic", [(0, 5), (5, 0), (4, 5), (5, 6)])
def test_networks_of_other_classes_are_refused_with_what_mends_it(of_generator, of_critic):
    generator = m2m.build_generator(7, (3,), (4,), classes=of_generator)
    critic = m2m.build_critic((3,), (4,), classes=of_critic)
    with pytest.raises(ValueError, match=r"one-hot labels \(n, 5\).*Make it with classes=5"):
        checks.check_networks(generator, critic, (3,), None, classes=5)


def test_networks_that_take_labels_are_refused_without_classes():
    generator = m2m.build_generator(7, (3,), (4,), classes=5)
    with pytest.raises(ValueError, match=r"must map latents \(n, latent_dim\) to codes"):
        checks.check_networks(generator, m2m.build_critic((3,)), (3,), None)
    critic = m2m.build_critic((3,), classes=5)
    with pytest.raises(ValueError, match=r"must map codes \(n, 3\) to scores"):
        checks.check_networks(m2m.build_generator(7, (3,)), critic, (3,), None)


@pytest.mark.parametrize("which", ["generator", "critic"])
def test_a_network_that_is_not_built_is_refused(which):
    networks = {"generator": m2m.build_generator(7, (3,)), "critic": m2m.build_critic((3,))}
    networks[which] = keras.Sequential([keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=f"expects a built {which}"):
        checks.check_networks(**networks, code_shape=(3,), latent_dim=None)


@pytest.mark.parametrize("which", ["generator", "critic"])
@pytest.mark.parametrize("given", ["dcgan", np.tanh])
def test_what_is_no_network_is_refused(which, given):
    networks = {"generator": m2m.build_generator(7, (3,)), "critic": m2m.build_critic((3,))}
    networks[which] = given
    with pytest.raises(ValueError, match=f"expects a built {which}"):
        checks.check_networks(**networks, code_shape=(3,), latent_dim=None)


def test_a_network_that_does_not_know_its_shapes_is_refused():
    class Plain(keras.Model):
        def call(self, latent):
            return latent

    generator = Plain()
    generator(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="a generator that knows the shapes"):
        checks.check_networks(generator, m2m.build_critic((3,)), (3,), None)


def test_a_target_smaller_than_a_batch_is_refused_with_the_batch_that_would_do():
    with pytest.raises(ValueError) as refusal:
        checks.check_count(40, 40, 128)
    for part in ("one batch of 128", "has 40", "batch_size=40", "--batch_size=40"):
        assert part in str(refusal.value)
    checks.check_count(128, 128, 128)


@pytest.mark.parametrize("batch_size", [0, -3, 1.5, None, "all"])
def test_a_batch_size_that_is_none_is_refused(batch_size):
    with pytest.raises(ValueError, match="batch_size must be a whole number of 1 or more"):
        checks.check_count(100, 100, batch_size)


@pytest.mark.parametrize("shape", [(4,), (2, 5), (0, 4), (2, 4, 1)])
def test_latents_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"Expected latents of shape \(n, 4\); got"):
        checks.check_latent(np.zeros(shape), 4)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_latents_that_are_not_finite_are_refused(bad):
    latents = np.zeros((3, 4))
    latents[2, 1] = bad
    with pytest.raises(ValueError, match="latents of finite numbers; of 3 given, number 2"):
        checks.check_latent(latents, 4)


@pytest.mark.parametrize(
    "given", [(np.zeros((2, 4)) for _ in range(2)), ["a", "b"], [[1.0], [1.0, 2.0]], object()]
)
def test_what_is_no_array_of_numbers_is_refused_as_latents(given):
    with pytest.raises(ValueError, match=r"latents, numbers of shape \(n, 4\); got \w+\. Batches"):
        checks.check_latent(given, 4)


@pytest.mark.parametrize("name", [None, "mind2mind", "mind2mind_1", "9.cats-and_dogs"])
def test_a_name_that_tensorflow_takes_passes(name):
    assert checks.check_name(name) == name


@pytest.mark.parametrize(
    ("name", "near"), [("a b", "a_b"), ("käse", "k_se"), ("_x", "x"), ("", "mind2mind")]
)
def test_a_name_under_which_nothing_compiles_is_refused_with_another(name, near):
    with pytest.raises(ValueError, match=f"name has letters .*; got .*such as '{near}'"):
        checks.check_name(name)
