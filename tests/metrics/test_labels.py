"""What reports call metrics names metrics that are measured."""

from m2m_tf.metrics import METRICS
from m2m_tf.metrics.labels import COLUMNS


def test_every_metric_has_a_column_and_every_column_a_metric():
    assert set(COLUMNS) == set(METRICS)
    assert len(set(COLUMNS.values())) == len(COLUMNS)
