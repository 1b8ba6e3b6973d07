"""What a user would pick instead of a mind: a Gaussian or a mixture on the codes."""
