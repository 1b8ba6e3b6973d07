"""A stranger's folder runs nothing, whatever was put into it; trust is said in words."""

import shutil

import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.files.card import write_card
from m2m_tf.files.trust import check_trusted, trusting
from m2m_tf.minds import Mind2Mind

MARK = "it_ran"


def run_python(mark):
    def write(codes):
        mark.write_text("python")
        return codes

    return lambda codes: tf.ensure_shape(tf.py_function(write, [codes], tf.float32), codes.shape)


def write_file(mark):
    def call(codes):
        with tf.control_dependencies([tf.io.write_file(str(mark), "file")]):
            return tf.identity(codes)

    return call


def read_file(mark):
    def call(codes):
        content = tf.io.read_file("/etc/hostname")
        with tf.control_dependencies([tf.io.write_file(str(mark), content)]):
            return tf.identity(codes)

    return call


def save_tensor(mark):
    def call(codes):
        saving = tf.raw_ops.SaveV2(
            prefix=str(mark), tensor_names=["x"], shape_and_slices=[""], tensors=[codes]
        )
        with tf.control_dependencies([saving]):
            return tf.identity(codes)

    return call


OPERATIONS = {each.__name__: each for each in (run_python, write_file, read_file, save_tensor)}


def save_program(call, folder, shape, out):
    """A SavedModel of fixed shapes that does what `call` does when it is called."""
    weights = tf.random.stateless_normal((int(np.prod(shape)), int(np.prod(out))), (0, 0))

    @tf.function(input_signature=[tf.TensorSpec((None, *shape), tf.float32, name="x")])
    def serve(x):
        flat = tf.matmul(tf.reshape(call(x), (-1, weights.shape[0])), weights)
        return {"y": tf.tanh(tf.reshape(flat, (-1, *out)))}

    module = tf.Module()
    module.serve = serve
    tf.saved_model.save(module, str(folder), signatures={"serving_default": serve})


def save_programs(call, folder):
    save_program(call, folder / "encoder", (28, 28, 1), (16,))
    save_program(call, folder / "decoder", (16,), (28, 28, 1))


def preset_with_programs(call, source, folder):
    shutil.copytree(source, folder)
    save_programs(call, folder)


def pair_without_a_card(call, source, folder):
    save_programs(call, folder)


def pair_with_a_card_of_its_own(call, source, folder):
    save_programs(call, folder)
    write_card(folder, {"name": "kind", "image_shape": [28, 28, 1], "code_shape": [16]})


FOLDERS = {
    each.__name__: each
    for each in (preset_with_programs, pair_without_a_card, pair_with_a_card_of_its_own)
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", FOLDERS)
def test_no_program_in_an_autoencoders_folder_is_loaded(
    kind, operation, tiny_autoencoder_folder, tmp_path
):
    mark = tmp_path / MARK
    FOLDERS[kind](OPERATIONS[operation](mark), tiny_autoencoder_folder, tmp_path / "a")
    refusal = "does not name" if kind == "preset_with_programs" else "--trust_saved_model"
    with pytest.raises(ValueError, match=refusal):
        m2m.Autoencoder.load(tmp_path / "a")
    assert not list(tmp_path.glob(f"{MARK}*"))


@pytest.fixture(scope="module")
def plain_model(tiny_autoencoder_folder, tmp_path_factory):
    """The folder of a model that was never trained."""
    model = Mind2Mind(m2m.Autoencoder.load(tiny_autoencoder_folder), prior="normal", seed=0)
    model.compile()
    folder = tmp_path_factory.mktemp("models") / "model"
    model.save(folder)
    return folder


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_program_that_is_added_to_a_model_is_refused(operation, plain_model, tmp_path):
    mark = tmp_path / MARK
    shutil.copytree(plain_model, tmp_path / "model")
    save_programs(OPERATIONS[operation](mark), tmp_path / "model/autoencoder")
    with pytest.raises(ValueError, match="holds 'autoencoder/.* more, which its card.json"):
        Mind2Mind.load(tmp_path / "model")
    assert not list(tmp_path.glob(f"{MARK}*"))


def test_a_model_with_a_program_that_its_card_names_is_refused(plain_model, tmp_path):
    mark = tmp_path / MARK
    shutil.copytree(plain_model, tmp_path / "model")
    pair_with_a_card_of_its_own(write_file(mark), None, tmp_path / "model/autoencoder")
    write_card(tmp_path / "model", {"name": "kind"})
    with pytest.raises(ValueError, match="--trust_saved_model"):
        Mind2Mind.load(tmp_path / "model")
    assert not list(tmp_path.glob(f"{MARK}*"))


def test_a_keras_file_comes_before_a_program(tiny_autoencoder_folder, tmp_path, digits):
    """Even where the card names both, and they are trusted."""
    mark = tmp_path / MARK
    shutil.copytree(tiny_autoencoder_folder, tmp_path / "a")
    save_programs(write_file(mark), tmp_path / "a")
    write_card(tmp_path / "a", {"name": "both"})
    autoencoder = m2m.Autoencoder.load(tmp_path / "a", trust=True)
    assert autoencoder.is_self_contained
    autoencoder.encode(digits[:4])
    assert not list(tmp_path.glob(f"{MARK}*"))


def test_a_trusted_program_is_loaded_and_does_what_it_does(tmp_path, digits):
    mark = tmp_path / MARK
    save_programs(write_file(mark), tmp_path / "a")
    m2m.Autoencoder.load(tmp_path / "a", trust=True).encode(digits[:4])
    assert mark.read_text() == "file"


def test_trust_ends_with_its_block_and_is_not_taken_back_inside(tmp_path):
    with trusting(True), trusting(False):
        check_trusted(tmp_path)
    with pytest.raises(ValueError, match="is a SavedModel, a program"):
        check_trusted(tmp_path)
