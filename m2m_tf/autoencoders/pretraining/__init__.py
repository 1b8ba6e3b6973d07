"""Training of an autoencoder, before anything is transferred."""
