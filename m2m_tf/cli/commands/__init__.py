"""The commands of `m2m`, one file each."""
