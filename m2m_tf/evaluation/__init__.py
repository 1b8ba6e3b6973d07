"""Know before training, prove it after."""
