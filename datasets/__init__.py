"""Real data: where `get_data.py` gets each set from, one file a kind; the benchmarks' targets."""
