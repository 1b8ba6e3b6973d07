"""The generator in other forms, for runtimes that are not TensorFlow."""
