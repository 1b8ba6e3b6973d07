"""Whatever Python programs hold images in is read as the array of the same images."""

import io
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from m2m_tf.data import load, load_labels
from m2m_tf.data.source_labels import check_labels

COUNT = 40


class Batches(keras.utils.PyDataset):
    """What Keras feeds `fit` with: (images, labels), eight at a time."""

    def __init__(self, images, labels):
        super().__init__()
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images) // 8

    def __getitem__(self, index):
        rows = slice(8 * index, 8 * index + 8)
        return self.images[rows], self.labels[rows]


class Items:
    """As a torch `Dataset` and a Hugging Face `Dataset` are: a length, and items by number."""

    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


class Loader:
    """As a torch `DataLoader` and a grain `IterDataset` are: what can be iterated again."""

    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


def pairs(x):
    return [(image, number % 3) for number, image in enumerate(x)]


def first_channels(x):
    return [x[i : i + 8, None] for i in range(0, COUNT, 8)]


def dicts(x, key):
    return [{key: Image.fromarray(i), "label": n % 3, "text": "a"} for n, i in enumerate(x)]


HOLDERS = {
    "list of arrays": (list, False),
    "list of tensors": (lambda x: [tf.constant(i) for i in x], False),
    "list of Pillow images": (lambda x: [Image.fromarray(i) for i in x], False),
    "list of pairs": (pairs, True),
    "tuple of arrays": (lambda x: (x, np.arange(COUNT) % 3), True),
    "dictionary of arrays": (lambda x: {"image": x, "label": np.arange(COUNT) % 3}, True),
    "generator": (lambda x: (i for i in x), False),
    "generator of batches": (lambda x: ((x[i : i + 8], np.arange(8)) for i in (0, 8, 16)), True),
    "generator function": (lambda x: lambda: iter(pairs(x)), True),
    "PyDataset": (lambda x: Batches(x[..., None], np.arange(COUNT) % 3), True),
    "items": (lambda x: Items(pairs(x[..., None])), True),
    "items with channels first": (lambda x: Items(pairs(x[:, None])), True),
    "items of dictionaries": (lambda x: Items(dicts(x, "img")), True),
    "items of encoded files": (lambda x: Items([(_png(i), 0) for i in x]), True),
    "loader": (lambda x: Loader([[b, np.arange(8)] for b in first_channels(x)]), True),
    "loader of dictionaries": (lambda x: Loader(dicts(x, "pixel_values")), True),
}


def _png(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("holder", HOLDERS)
def test_each_gives_the_same_images_and_brings_its_labels(pixels, holder):
    make, labelled = HOLDERS[holder]
    images = load(make(pixels[:COUNT]))
    read = images.numpy()
    np.testing.assert_array_equal(read, load(pixels[:COUNT]).numpy()[: len(read)])
    assert len(read) == (24 if "of batches" in holder else COUNT)
    assert images.image_shape == (28, 28, 1) and images.brings_labels == labelled
    if labelled:
        blocks = list(images.labelled_blocks(16))
        assert sum(len(check_labels(labels, "x")) for _, labels in blocks) == len(read)


def test_a_second_pass_gives_them_again_where_the_source_does(pixels):
    for source in (Loader(list(pixels[:9])), lambda: iter(pixels[:9]), list(pixels[:9])):
        images = load(source)
        np.testing.assert_array_equal(images.numpy(), images.numpy())


@pytest.mark.slow
def test_the_same_content_or_the_same_object_has_the_same_fingerprint(pixels):
    for source in (Loader(list(pixels[:9])), Batches(pixels, np.zeros(300))):
        assert load(source).fingerprint == load(source).fingerprint
    sizes = [pixels[0], pixels[1][:20], pixels[2]]
    ways = [list(pixels[:9]), sizes, sizes[::-1], [(i, 0) for i in pixels[:9]]]
    found = [[load(way, image_size=28).fingerprint for _ in range(2)] for way in ways]
    assert all(first == second for first, second in found)
    assert len({first for first, _ in found}) == len(ways)


def test_only_what_may_change_its_order_is_a_stream(pixels):
    assert load(Loader(list(pixels[:9]))).is_stream and load(lambda: iter(pixels[:9])).is_stream
    assert load(tf.data.Dataset.from_tensor_slices(pixels)).is_stream
    for source in (pixels, list(pixels[:9]), pairs(pixels[:9]), iter(pixels[:9]), "demo:digits"):
        assert not load(source).is_stream


def test_a_list_of_several_sizes_needs_image_size(pixels):
    sizes = [pixels[0], pixels[1][:20], pixels[2]]
    assert load(sizes, image_size=16).numpy().shape == (3, 16, 16, 1)
    with pytest.raises(ValueError, match="Pass image_size="):
        load(sizes).numpy()


def test_colour_of_other_libraries_has_its_channels_first(colour):
    images = load(Items([np.moveaxis(image, -1, 0) for image in colour]))
    np.testing.assert_array_equal(images.numpy(), load(colour).numpy())
    assert "channels first" in images.notes[0]


def test_sixteen_bits_of_a_pillow_image_are_whole_numbers(pixels):
    deep = [(Image.fromarray(image.astype(np.uint16) * 257), 0) for image in pixels[:9]]
    np.testing.assert_allclose(load(deep).numpy(), load(pixels[:9]).numpy(), atol=1e-6)


@pytest.mark.parametrize("form", [np.asarray, Image.fromarray, _png, lambda x: (x, 0)])
def test_a_list_of_grey_and_colour_is_colour_and_it_is_said(pixels, colour, form):
    grey = pixels[:2, ..., None] if form is np.asarray else pixels[:2]
    for mixed in ([grey[0], *colour[:9]], [colour[0], grey[0], *colour[:9]]):
        if form not in (Image.fromarray, _png):
            mixed = [image if image.ndim == 3 else image[..., None] for image in mixed]
        images = load([form(image) for image in mixed])
        assert images.numpy().shape == (len(mixed), 28, 28, 3)
        assert images.notes[-1] == "converted grey images to colour (3 equal channels)"
    assert load([form(image) for image in mixed], channels=1).numpy().shape[3] == 1


def test_colour_that_a_stream_brings_after_a_grey_image_is_said(pixels, colour):
    images = load(lambda: iter([pixels[0, ..., None], *colour]))
    assert images.notes == [] and images.numpy().shape == (21, 28, 28, 1)
    assert images.notes == ["converted colour images to grey (Rec. 601 luma)"]


def test_a_pair_of_the_same_images_is_taken_once_and_it_is_said(pixels, colour):
    for x in (pixels, colour):
        for pair in ((x, x), (x, x.copy()), [x, x]):
            images = load(pair)
            np.testing.assert_array_equal(images.numpy(), load(x).numpy())
            assert "took the images once" in images.notes[-1]
    assert len(load((colour[:8], colour[8:16])).numpy()) == 16
    assert load([colour[0], colour[0]]).notes == []


def test_a_pair_in_a_list_is_a_pair(pixels):
    labels = np.arange(300) % 3
    assert load([pixels, labels]).known_labels().tolist() == labels.tolist()


def test_what_a_generator_function_raises_comes_out_as_itself(pixels):
    class OwnError(Exception):
        pass

    error = OwnError("boom")

    def make(after):
        yield from pixels[:after]
        raise error

    with pytest.raises(OwnError) as raised:
        load(lambda: make(1))
    assert raised.value is error
    images = load(lambda: make(5))
    for _ in range(2):
        with pytest.raises(OwnError) as raised:
            images.numpy()
        assert raised.value is error


def test_an_iterator_of_known_length_is_read_once_through(pixels):
    class Flow(Items):
        def __next__(self):
            return self.items[0]  # for ever, as the iterators of ImageDataGenerator

    assert len(load(Flow(list(pixels[:9]))).numpy()) == 9


def test_a_generator_that_is_used_up_is_refused(pixels):
    used = iter(pixels[:5])
    load(used)
    with pytest.raises(ValueError, match="gives none: it may be used up.*Pass the function"):
        load(used)


def test_a_generator_that_never_ends_is_refused(pixels, monkeypatch):
    monkeypatch.setattr("m2m_tf.data.readers.objects.HELD", 1 << 16)
    with pytest.raises(ValueError, match="it may never end. Bound it by itertools.islice"):
        load(itertools.cycle(pixels))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ([], "at least 2 images; got 0 from 'list'"),
        (Loader([]), "at least 2 images; got 0 from 'Loader'"),
        (Loader(["gone.png", "there.png"]), "one of 'Loader' is none"),
        ([({"a": 1, "b": 3}, 2)] * 3, "expects dicts to hold one of 'image'"),
        ({"a": np.zeros((3, 2, 2))}, "in a dictionary of arrays; got the keys 'a'"),
        ({"train": Items([]), "test": Items([])}, r"'train', 'test'. .* as data\['train'\]"),
        (
            [(np.zeros((2, 2), "uint8"), 0), (np.zeros((2, 2), "int64"), 0)],
            "of one kind; element 1",
        ),
        ([np.zeros((2, 2), "uint8"), None], "element 1 of 'list' .counted from 0. is None"),
        ([(None, 3)], "element 0 of 'list' .counted from 0. is None"),
        (lambda: iter([None]), "element 0 of '<lambda>' .counted from 0. is None"),
        ([object(), object()], "element 0 of 'list' .counted from 0. is object"),
        ((np.zeros((5, 8, 8), "uint8"), np.zeros(4)), "got 4 labels for 5 images"),
        ([np.zeros((5, 8, 8), "uint8"), [0] * 4], "got 4 labels for 5 images"),
        ({"image": np.zeros((5, 8, 8), "uint8"), "label": [0] * 6}, "got 6 labels for 5 images"),
        ([(np.zeros((2, 2), "uint8"), None)], "the label of element 0 of 'list' .* is None"),
        (lambda: 3, "hold images; '<lambda>' gives none"),
        (Items({"a": 3, "b": 4}), "hold images; 'Items' gives none"),
    ],
)
def test_what_holds_no_images_is_refused(source, said):
    with pytest.raises(ValueError, match=said):
        load(source).numpy()


@pytest.mark.parametrize("as_names", [list, np.array])
def test_names_of_files_in_an_array_or_beside_labels_are_files(tmp_path, pixels, as_names):
    paths = []
    for index, image in enumerate(pixels[:4]):
        paths.append(str(tmp_path / f"{index}.png"))
        Image.fromarray(image).save(paths[-1])
    expected, labels = load(pixels[:4]).numpy(), np.arange(4) % 2
    names = as_names(paths)
    for source in (names, {"image": names}, {"image": names, "label": labels}, (names, labels)):
        np.testing.assert_array_equal(load(source).numpy(), expected)
    for source in ({"image": names, "label": labels}, (names, labels), (names, labels.tolist())):
        np.testing.assert_array_equal(load_labels(source), labels)
    with pytest.raises(ValueError, match="4"):
        load({"image": names, "label": labels[:3]})


def test_two_sets_are_not_read_as_one_without_a_word(pixels, colour):
    shape = (8, *colour.shape[1:])
    said = f"took both arrays of the pair, {shape} each, as images one after the other"
    both = load((colour[:8], colour[8:16]))
    assert said in both.notes and len(both.numpy()) == 16
    assert load([*pixels[:2]]).notes == []
    labels = np.arange(9)
    with pytest.raises(ValueError, match=r"load_data gives them. Pass one: data\[0\]"):
        load(((pixels[:9], labels), (pixels[9:12], labels[:3])))


@pytest.mark.parametrize("as_images", [list, lambda arrays: [Image.fromarray(a) for a in arrays]])
def test_images_of_several_sizes_have_labels_beside_them(pixels, as_images):
    images = as_images([pixels[0][:20], *pixels[1:40]])
    labels = np.arange(40) % 2
    expected = load(images, image_size=16).numpy()
    for given in (labels, labels.tolist(), np.eye(2, dtype=int)[labels]):
        for source in ((images, given), [images, given], {"image": images, "label": given}):
            loaded = load(source, image_size=16)
            np.testing.assert_array_equal(loaded.numpy(), expected)
            found = [label for _, label in loaded.labelled_blocks(40)]
            np.testing.assert_array_equal(check_labels(np.concatenate(found), "list"), labels)
    with pytest.raises(ValueError, match="got 5 labels for 40 images of 'list'"):
        load((images, labels[:5]), image_size=16)


def test_weights_beside_the_labels_are_said_whatever_holds_them(pixels):
    parts = {"image": pixels[:COUNT], "label": np.zeros(COUNT, int), "weight": np.ones(COUNT)}
    dataset = tf.data.Dataset.from_tensor_slices
    triples = list(zip(*parts.values(), strict=True))
    for source in (parts, dataset(parts), dataset(tuple(parts.values())), Items(triples)):
        images = load(source)
        for _ in images.labelled_blocks(COUNT):
            pass
        assert len(images.notes) == 1 and "all images count alike" in images.notes[0]
