"""The mind: a generator and a critic that train against each other on codes."""

from m2m_tf.minds.flow import build_flow_generator
from m2m_tf.minds.map_networks import build_map_critic, build_map_generator
from m2m_tf.minds.mind2mind import Mind2Mind
from m2m_tf.minds.networks import build_critic, build_generator

__all__ = [
    "Mind2Mind",
    "build_critic",
    "build_flow_generator",
    "build_generator",
    "build_map_critic",
    "build_map_generator",
]
