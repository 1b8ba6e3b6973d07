"""What runs take where nothing is said; the flags of the commands show the same."""

AUTO = "auto"  # the preset that promises most for the target
OWN = "own"  # the universal autoencoder, trained on with the target
AUTOENCODER = "universal"
NUM_IMAGES = 10_000  # that figures are measured on, at most
EPOCHS, BATCH_SIZE, VALIDATION_SPLIT = 300, 128, 0.1  # of transfer
THAW_EPOCHS, THAW_BATCH_SIZE, THAW_RATE, MIND_EPOCHS = 3, 32, 1e-3, 5
