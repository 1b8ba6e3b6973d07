"""Archives made to harm are refused with a reason, and nothing in them runs."""

import io
import json
import os
import stat
import struct
import zipfile

import h5py
import keras
import numpy as np
import pytest
from keras.src.saving.serialization_lib import SafeModeScope

from m2m_tf.files.keras_file import compress_keras, load_keras


@pytest.fixture
def sound(tmp_path):
    """The members of a small model's file."""
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Dense(3)(inputs)).save(tmp_path / "sound.keras")
    with zipfile.ZipFile(tmp_path / "sound.keras") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def load(sound, tmp_path):
    """A function that loads the model with some members changed."""

    def load(changes=(), links=()):
        path = tmp_path / "model.keras"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**sound, **dict(changes)}.items():
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                if name in links:
                    info.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(info, content)
        before = sorted(tmp_path.rglob("*"))
        try:
            return load_keras(path)
        finally:
            assert sorted(tmp_path.rglob("*")) == before

    return load


def changed(config, change):
    """The config with its dense layer changed."""
    config = json.loads(config)
    change(config, next(x for x in config["config"]["layers"] if x["class_name"] == "Dense"))
    return json.dumps(config)


def weights(write):
    """An HDF5 file."""
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        write(opened)
    return file.getvalue()


def test_a_sound_file_loads(load):
    assert load().output_shape == (None, 3)


@pytest.mark.slow
def test_many_alike_layers_load_though_their_settings_compress_well(tmp_path):
    path = tmp_path / "deep.keras"
    inputs = outputs = keras.Input((4,))
    for _ in range(200):
        outputs = keras.layers.Dense(4)(outputs)
    keras.Model(inputs, outputs).save(path)  # a Sequential would be built anew at each layer
    compress_keras(path)
    with zipfile.ZipFile(path) as archive:
        config = archive.getinfo("config.json")
    assert config.file_size > 20 * config.compress_size
    assert len(load_keras(path).layers) == 201


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "/tmp/evil.py", "assets/../../evil", "evil.py", "a\\..\\b", "config.json/x"],
)
def test_a_name_that_no_keras_wrote_is_refused(load, name):
    with pytest.raises(ValueError, match="which no .keras file does"):
        load({name: b"import os"})


def test_a_link_is_refused(load):
    with pytest.raises(ValueError, match="is a link"):
        load({"assets/link": b"/etc/passwd"}, links=["assets/link"])


def test_what_unpacks_to_far_more_is_refused(load):
    with pytest.raises(ValueError, match="unpacks to 100,000,000 bytes"):
        load({"model.weights.h5": b"\0" * 100_000_000})


@pytest.mark.parametrize("units", [10**6, 10**9, 10**15])
def test_a_giant_layer_is_refused_before_it_is_made(load, sound, units):
    def grow(config, dense):
        dense["config"]["units"] = units

    with pytest.raises(ValueError, match="announces weights of shape|holds|too large|overflow"):
        load({"config.json": changed(sound["config.json"], grow)})


def test_a_giant_input_is_refused(load, sound):
    def grow(config, dense):
        dense["build_config"]["input_shape"] = [None, 10**12]
        config["config"]["layers"][0]["config"]["batch_shape"] = [None, 10**12]

    with pytest.raises(ValueError, match="announces weights of shape"):
        load({"config.json": changed(sound["config.json"], grow)})


def test_weights_that_are_only_announced_are_refused(load):
    def announce(file):
        file.create_dataset("layers/dense/vars/0", shape=(10**6, 10**6), chunks=(10, 10))

    with pytest.raises(ValueError, match="announce the shape .* and are not there"):
        load({"model.weights.h5": weights(announce)})


@pytest.mark.parametrize("link", [h5py.SoftLink("/a"), h5py.ExternalLink("/etc/passwd", "/")])
def test_links_among_weights_are_refused(load, link):
    def write(file):
        file["a"] = link

    with pytest.raises(ValueError, match="hold a link, 'a'"):
        load({"model.weights.h5": weights(write)})


def test_weights_in_another_file_are_refused(load, tmp_path):
    (tmp_path / "other").write_bytes(np.zeros(100).tobytes())

    def write(file):
        other = [(str(tmp_path / "other"), 0, 800)]
        file.create_dataset("a", (100,), "float64", external=other)

    with pytest.raises(ValueError, match="lie in another file"):
        load({"model.weights.h5": weights(write)})


EVIL = [
    {"module": "os", "class_name": "system", "config": {"command": "touch evil"}},
    {"module": "builtins", "class_name": "eval", "config": {}},
    {"module": "keras.utils", "class_name": "get_file", "config": {"origin": "http://x"}},
    {"module": "nobody.knows", "class_name": "Layer", "config": {}},
    {"module": "subprocess", "class_name": "Popen", "config": {"args": "touch evil"}},
]


@pytest.mark.parametrize("part", EVIL, ids=[each["class_name"] for each in EVIL])
@pytest.mark.parametrize("where", ["layer", "initializer", "model"])
def test_an_unknown_class_is_refused_and_not_run(load, sound, part, where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def put(config, dense):
        if where == "layer":
            dense.update(part, registered_name=None)
        elif where == "initializer":
            dense["config"]["kernel_initializer"] = {**part, "registered_name": None}
        else:
            config.update(part, registered_name=None)

    with pytest.raises(ValueError):
        load({"config.json": changed(sound["config.json"], put)})
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("unsafe", [False, True])
def test_code_in_a_lambda_is_refused(tmp_path, unsafe):
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1)(inputs)).save(tmp_path / "a.keras")
    with SafeModeScope(None):  # puts back what the next line sets for the whole process
        if unsafe:
            keras.config.enable_unsafe_deserialization()
        with pytest.raises(ValueError, match="code of a lambda function, which is never run here"):
            load_keras(tmp_path / "a.keras")


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04", b"\x80\x04\x95pickle."])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "a.keras").write_bytes(content)
    with pytest.raises(ValueError, match="no .keras archive, or is damaged"):
        load_keras(tmp_path / "a.keras")


def test_any_config_is_refused_or_loads(load, sound):
    rng = np.random.default_rng(0)
    for _ in range(60):
        content = bytearray(sound["config.json"])
        for place in rng.integers(0, len(content), 3):
            content[place] = rng.integers(32, 127)
        try:
            load({"config.json": bytes(content)})
        except ValueError:
            pass


@pytest.mark.parametrize("name", ["config.json", "metadata.json"])
def test_settings_that_nest_without_end_are_refused(load, name):
    with pytest.raises(ValueError, match=f"its {name} is refused: it nests deeper than 100"):
        load({name: '{"a":' + "[" * 990 + "]" * 990 + "}"})


FOREIGN = [
    {"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {"module": "x"}},
    {"module": "keras.layers", "class_name": "JaxLayer", "config": {}},
    {"module": "keras.layers", "class_name": "FlaxLayer", "config": {}},
    {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "a/program"}},
    {"module": "torch.nn", "class_name": "Linear", "config": {}},
    {"module": "antigravity", "class_name": "function", "config": "fly"},
]


@pytest.mark.parametrize("part", FOREIGN, ids=[each["class_name"] for each in FOREIGN])
def test_a_class_of_another_framework_is_refused_in_a_sentence(load, sound, part):
    def put(config, dense):
        dense.update(part, registered_name=part["class_name"])

    with pytest.raises(ValueError, match=f"names '{part['class_name']}' .*not Keras' own"):
        load({"config.json": changed(sound["config.json"], put)})


@pytest.mark.parametrize("module", ["keras.src.backend.torch.core", "keras.src.utils.torch_utils"])
def test_a_module_of_keras_that_needs_another_framework_is_refused(load, sound, module):
    def put(config, dense):
        dense.update(module=module, class_name="Anything", registered_name="Anything")

    with pytest.raises(ValueError):
        load({"config.json": changed(sound["config.json"], put)})


@keras.saving.register_keras_serializable(package="tests")
class Doubled(keras.layers.Layer):
    """A layer of a user's own."""

    def call(self, inputs):
        return 2 * inputs


def test_a_registered_layer_loads_whatever_its_module(tmp_path):
    inputs = keras.Input((4,))
    keras.Model(inputs, Doubled()(inputs)).save(tmp_path / "a.keras")
    assert isinstance(load_keras(tmp_path / "a.keras").layers[1], Doubled)


def grow(config, dense):
    dense["config"]["units"] = 10**6


def nested(file):
    """A group that contains itself, by another name and further below."""
    file["layers/again"] = file["layers"] if "layers" in file else file.create_group("layers")
    file["layers/below/again"] = file["/"]


def named_often(file):
    file["a"] = np.zeros(1000, "float32")
    for number in range(500):
        file[f"b{number}"] = file["a"]


def texts(file):
    file.create_dataset("a", (10**12,), h5py.string_dtype(), chunks=(100,))


@pytest.mark.parametrize("write", [nested, named_often, texts], ids=lambda each: each.__name__)
def test_what_is_named_often_or_only_announced_gives_room_for_no_giant_layer(load, sound, write):
    changes = {"config.json": changed(sound["config.json"], grow)}
    with pytest.raises(ValueError, match="announces weights of shape"):
        load({**changes, "model.weights.h5": weights(write)})


def test_a_group_whose_tree_is_its_own_neighbour_is_refused_or_read_and_never_waited_for(load):
    def write(file):
        for number in range(5):
            file[f"layers/{number}"] = np.zeros(3, "float32")

    content = bytearray(weights(write))
    trees = [place for place in range(len(content)) if content[place : place + 4] == b"TREE"]
    for tree in trees:  # where it says what lies to its left, and to its right
        content[tree + 8 : tree + 24] = 2 * struct.pack("<Q", tree)
    with pytest.raises(ValueError):
        load({"model.weights.h5": bytes(content)})


def test_a_kind_of_number_among_weights_is_refused(load):
    def write(file):
        file["a"] = np.dtype("float32")

    with pytest.raises(ValueError, match="'/a', which is no array"):
        load({"model.weights.h5": weights(write)})


def test_chunks_that_share_their_bytes_are_refused(load):
    def write(file):
        data = file.create_dataset("a", data=np.zeros(60 * 25_000, "float32"), chunks=(25_000,))
        places.extend(data.id.get_chunk_info(number).byte_offset for number in range(60))

    places = []
    content = weights(write)[: 3496 + 100_000]
    for place in places[1:]:
        content = content.replace(struct.pack("<Q", place), struct.pack("<Q", places[0]))
    end = struct.pack("<Q", len(content))
    content = content[:40] + end + content[48:]  # where the file says how long it is
    with pytest.raises(ValueError, match="announce 6,000,000 bytes, which are not there"):
        load({"model.weights.h5": content})


def test_many_small_files_that_unpack_to_much_are_refused(load):
    with pytest.raises(ValueError, match=r"^it unpacks to 1[0-9]{7} bytes|^it unpacks to 1[0-9],"):
        load({f"assets/{number}": bytes(1 << 20) for number in range(12)})


def test_a_file_that_is_there_twice_is_refused(sound, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.keras", "w") as archive:
        for name, content in sound.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("config.json", sound["config.json"])
    with pytest.raises(ValueError, match="two files of one name"):
        load_keras(tmp_path / "a.keras")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.keras")
    with pytest.raises(ValueError, match="it is no file"):
        load_keras(tmp_path / "a.keras")


def test_what_keras_says_is_cut_and_shows_no_escapes(load, sound):
    def put(config, dense):
        dense["config"]["activation"] = "\x1b[2J" + "a" * 5000

    with pytest.raises(ValueError) as refusal:
        load({"config.json": changed(sound["config.json"], put)})
    assert "\x1b" not in str(refusal.value) and len(str(refusal.value)) < 1500
