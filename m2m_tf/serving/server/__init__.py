"""A server of exports that answers TensorFlow Serving's REST predict API."""
