"""Where `get_data.py` gets each real data set from, one file a kind of data."""
