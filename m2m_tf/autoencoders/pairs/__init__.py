"""Kinds of encoder and decoder."""
