"""Extractors: images to features."""
