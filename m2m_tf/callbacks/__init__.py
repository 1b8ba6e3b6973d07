"""Keras callbacks: figures and pictures during training."""
