"""What reports and cards call metrics, and what is measured, in words."""

COLUMNS = {
    "frechet_distance": "FID",
    "frechet_distance_extrapolated": "FID, endless samples",
    "kernel_distance": "KID",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage",
    "sliced_w1": "sliced W1",
}
OWN_START = "the mixture that it starts from"
FITTED_START = "the mixture of a mind, fitted to these codes"
NAMES = {
    "generated": "the model",
    "prior": "the mixture that a mind starts from",
    "mixture": "likeliest mixture on the codes",
    "gaussian": "one Gaussian on the codes",
    "floor": "floor: reconstructions",
    "held_out": "held-out real images",
}
