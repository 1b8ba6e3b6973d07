"""The packages: those of m2m_tf/ and the presets, which lie beside it. The rest: setup.cfg."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["m2m_tf", "m2m_tf.*"]), "m2m_tf.saved_models"],
    package_dir={"m2m_tf.saved_models": "saved_models"},
)
