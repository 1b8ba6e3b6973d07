"""A page in the browser to look at a model with."""
