"""The private names of Keras and TensorFlow are as the package takes them, and in one place."""

import ast
import gc
import weakref
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
import m2m_tf.keras_internals as internals

PACKAGE = Path(__file__).parents[1] / "m2m_tf"
INTERNALS = PACKAGE / "keras_internals.py"
PUBLIC = {"_asdict"}  # of a named tuple, whose fields have the other names


@pytest.fixture
def network():
    inner = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="inner")
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.ReLU(name="last")(inner(inputs)))


def test_all_layers_of_a_model_are_found(network):
    layers = internals.layers_below(network)
    assert network not in layers and {"inner", "last"} < {layer.name for layer in layers}, (
        "Keras' Layer._flatten_layers changed: the fingerprint of an autoencoder, Autoencoder.at, "
        "thaw(encoder=True) and SavedModels as parts break."
    )
    assert any(isinstance(layer, keras.layers.Dense) for layer in layers), (
        "Keras' Layer._flatten_layers no longer goes into the models in a model: thaw would train "
        "batch normalisation, and Autoencoder.at take layers of one size."
    )


def test_a_layer_of_a_built_model_is_replaced():
    class Holder(keras.Model):
        def __init__(self):
            super().__init__()
            self.part = keras.layers.Dense(2)

        def call(self, inputs):
            return self.part(inputs)

    holder, other = Holder(), keras.layers.Dense(2, use_bias=False)
    holder(np.zeros((1, 3)))
    other.build((None, 3))
    internals.replace_layer(holder, "part", other)
    assert holder.part is other and holder.layers == [other] and len(holder.weights) == 1, (
        "Keras' Layer._tracker changed: after Mind2Mind.thaw a model would keep the frozen "
        "autoencoder beside the thawed one, and save both."
    )


def test_the_call_that_gives_a_tensor_is_found(network):
    said = (
        "Keras' KerasTensor._keras_history or Operation._inbound_nodes changed: Lipschitz bounds "
        "and certificates (m2m_tf.theory) no longer follow a network's graph."
    )
    operation, node = internals.node_of(network.outputs[0])
    assert operation.name == "last" and len(node.input_tensors) == 1, said
    before, _ = internals.node_of(node.input_tensors[0])
    assert before.name == "inner", said
    dropped = keras.layers.Dropout(0.5)(network.inputs[0], training=True)
    assert internals.node_of(dropped)[1].arguments.kwargs["training"] is True, said


def test_the_mean_of_the_loss_is_a_metric(network):
    network.compile(loss="mse")
    network.evaluate(np.zeros((4, 3)), np.ones((4, 2)), verbose=0)
    assert internals.loss_metric(network).result() > 0, (
        "Keras' Trainer._loss_tracker changed: m2m.pretrain no longer logs the loss it chooses the "
        "best epoch by."
    )


def test_the_schedule_of_an_optimiser_is_told_from_its_rate():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    said = (
        "Keras' Optimizer._learning_rate changed: on_nonfinite='rollback' no longer halves the "
        "learning rates."
    )
    assert internals.learning_rate_of(keras.optimizers.Adam(schedule)) is schedule, said
    assert float(internals.learning_rate_of(keras.optimizers.Adam(0.5))) == 0.5, said


@pytest.mark.slow
def test_a_model_that_is_built_from_the_start_is_not_built_by_fit():
    class Counted(internals.BuiltFromTheStart, keras.Model):
        asked = False

        def _maybe_symbolic_build(self, *arguments, **settings):
            self.asked = True
            return super()._maybe_symbolic_build(*arguments, **settings)

        def train_step(self, batch):
            return {"loss": tf.constant(0.0)}

    model = Counted()
    model.compile()
    model.built = True
    model.fit(np.zeros((2, 3)), verbose=0)
    assert model.asked, (
        "Keras' fit no longer calls _maybe_symbolic_build: by what it does in its place, Mind2Mind "
        "may not train on replicas whose batches are of other lengths."
    )


@tf.custom_gradient
def doubled(x):
    return 2.0 * x, lambda upstream: 2.0 * upstream


def slope(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = doubled(x)
    return tape.gradient(y, x)


@pytest.mark.slow
def test_the_graph_of_a_freed_function_goes_with_it():
    made = tf.function(internals.freed(slope)).get_concrete_function(tf.TensorSpec(()))
    assert float(made(tf.constant(1.0))) == 2
    graph = weakref.ref(made.graph)
    del made
    for _ in range(2):  # it is taken apart in the first pass
        gc.collect()
    assert graph() is None, (
        "TensorFlow's ops.gradient_registry changed: a process that trains model after model keeps "
        "the weights of all of them."
    )


def test_what_a_freed_function_calls_is_differentiated_as_before():
    inner = tf.function(doubled)
    outer = tf.function(internals.freed(lambda x: inner(x) + doubled(x)))
    x = tf.constant(1.0)
    assert float(outer(x)) == 4
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = inner(x)
    assert float(tape.gradient(y, x)) == 2


def test_a_freed_step_trains_as_keras_does():
    class Freed(internals.FreedStep, keras.Sequential):
        pass

    steps = {}
    for kind in (Freed, keras.Sequential):
        keras.utils.set_random_seed(0)
        model = kind([keras.Input((3,)), keras.layers.Dense(2)])
        model.compile("sgd", "mse", run_eagerly=True)
        model.train_on_batch(np.ones((4, 3)), np.ones((4, 2)))
        steps[kind] = model.get_weights()[0]
    np.testing.assert_array_equal(*steps.values())


def test_the_draws_of_an_augmentation_follow_from_the_seeds_that_are_given():
    images = np.random.default_rng(0).uniform(size=(4, 8, 8, 1)).astype("float32")
    layer = keras.layers.RandomTranslation(0.5, 0.5, seed=0)
    said = (
        "Keras' random layers no longer draw by the SeedGenerator that get_random_transformation "
        "is given, or layer.backend changed: a pretraining that was cut off ends otherwise."
    )

    def shifted(seed, number):
        return internals.augmented(layer, images, internals.SeedsOf(seed, number)).numpy()

    assert np.array_equal(shifted(1, 2), shifted(1, 2)), said
    assert not np.array_equal(shifted(1, 2), shifted(1, 3)), said
    assert not np.array_equal(shifted(1, 2), shifted(2, 2)), said
    numbers = tf.data.Dataset.range(3)
    seeds = numbers.map(lambda number: internals.SeedsOf(1, number).next())
    assert [seed.numpy().tolist() for seed in seeds] == [[1, 1], [1, 65], [1, 129]], said


def test_a_dataset_of_the_same_elements_is_one_for_tensorflow_too():
    dataset = internals.SameElements(tf.data.Dataset.range(5))
    said = (
        "TensorFlow's Dataset._variant_tensor or ._inputs changed: m2m.data.load gives datasets "
        "that do not iterate, or cannot be mapped, batched and trained on."
    )
    assert [int(number) for number in dataset] == list(range(5)), said
    assert [int(number) for number in dataset.map(lambda n: n + 1).take(2)] == [1, 2], said
    assert dataset.element_spec == tf.TensorSpec((), tf.int64), said


def private_names(tree):
    """`(names of attributes that begin with _, names of modules that are not public)`."""
    nodes = list(ast.walk(tree))
    attributes = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    return (
        {name for name in attributes if name.startswith("_") and not name.startswith("__")},
        {name for name in modules if name.startswith(("keras.src", "tensorflow.python"))},
    )


def names_made_in(tree):
    """Names that a source gives to functions, classes, variables and attributes of `self`."""
    nodes = list(ast.walk(tree))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    stored = [node for node in nodes if isinstance(getattr(node, "ctx", None), ast.Store)]
    attributes = [node for node in stored if isinstance(node, ast.Attribute)]
    return (
        {node.name for node in nodes if isinstance(node, functions)}
        | {node.id for node in stored if isinstance(node, ast.Name)}
        | {node.attr for node in attributes if ast.unparse(node.value) == "self"}
    )


@pytest.mark.slow
def test_private_names_of_others_are_in_one_file():
    trees = {path: ast.parse(path.read_text()) for path in PACKAGE.rglob("*.py")}
    own = PUBLIC.union(*map(names_made_in, trees.values()))
    found = {}
    for path in trees.keys() - {INTERNALS}:
        attributes, modules = private_names(trees[path])
        if theirs := (attributes - own) | modules:
            found[path.relative_to(PACKAGE).as_posix()] = theirs
    assert found == {}, "Put it into m2m_tf/keras_internals.py, as a function with a test."


def test_keras_old_format_is_noticed(network, shared_autoencoder, tmp_path):
    internals.check_writes_no_hdf5("It")
    changed = "Keras' use_legacy_config changed: models saved to .h5 by Keras' own call are lost"
    mind = m2m.Mind2Mind(shared_autoencoder)
    for model, name in ((mind, "Mind2Mind"), (shared_autoencoder, "Autoencoder")):
        with pytest.raises(ValueError, match=f"{name} is not kept in a .h5 file"):
            keras.saving.save_model(model, tmp_path / "x.h5")
            pytest.fail(changed)
    keras.saving.save_model(network, tmp_path / "network.h5")  # other models are as they were
    keras.saving.save_model(mind, tmp_path / "mind.keras")
    assert m2m.Mind2Mind.load(tmp_path / "mind.keras").latent_dim == mind.latent_dim
