"""What Keras is shown: means over critic steps, and over the batches of an epoch."""

import numpy as np
import tensorflow as tf

from m2m_tf.minds.logs import LOGS, mean_of_epoch, mean_of_steps


def test_the_mean_of_critic_steps_is_that_of_each_log():
    logs = mean_of_steps([{"a": 1.0, "b": 4.0}, {"a": 2.0, "b": 0.0}])
    assert {name: float(value) for name, value in logs.items()} == {"a": 1.5, "b": 2.0}


def test_batches_count_by_their_share(make_mind):
    model = make_mind()
    assert tuple(model.trackers) == LOGS
    for value, share in ((1.0, 1.0), (4.0, 0.5)):
        means = mean_of_epoch(model, dict.fromkeys(LOGS, tf.constant(value)), share)
    assert {name: float(mean) for name, mean in means.items()} == dict.fromkeys(LOGS, 2.0)
    for metric in model.metrics:
        metric.reset_state()
    means = mean_of_epoch(model, dict.fromkeys(LOGS, tf.constant(3.0)), 0.25)
    assert np.allclose(list(means.values()), 3.0)
