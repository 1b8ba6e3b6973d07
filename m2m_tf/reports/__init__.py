"""Reports: one HTML file that opens from disk, and one JSON file."""

from m2m_tf.reports.json_file import write_json
from m2m_tf.reports.page import Page
from m2m_tf.reports.plots import bars_with_reference, histogram, scatter

__all__ = ["Page", "bars_with_reference", "histogram", "scatter", "write_json"]
