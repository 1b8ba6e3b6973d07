"""Arrays that input pipelines read by NumPy, freed with the pipeline."""

import weakref


def weak_reader(array, function):
    """`function(array, *inputs)` as a function of the inputs that does not keep the array.

    TensorFlow keeps every function that `tf.numpy_function` was ever given, and all that it holds,
    until the process ends. The dataset must keep the array itself: see `keep_alive`.
    """
    held = weakref.ref(array)
    return lambda *inputs: function(held(), *inputs)


def keep_alive(dataset, array):
    """The dataset, keeping the array for as long as it, or an iterator of it, is used."""
    dataset.array_of_m2m_tf = array
    return dataset
