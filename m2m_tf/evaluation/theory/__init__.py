"""What can be proved: the certificate, the bounds and their constants."""
