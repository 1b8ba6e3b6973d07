"""What stands for a loss where there is no game of two: see `m2m_tf.minds.flow_step`."""

from m2m_tf.minds.losses.loss import Loss

FLOW = Loss(
    critic=None,
    generator=None,
    score=None,
    critic_steps=1,
    gradient_penalty=0.0,
    average_decay=0.999,
)
