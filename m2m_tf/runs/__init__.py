"""Whole runs, as the commands of `m2m` make them: one call, and all that it leaves on disk."""
