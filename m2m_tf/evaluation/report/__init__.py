"""Reports: one HTML file that opens from disk, and one JSON file."""
