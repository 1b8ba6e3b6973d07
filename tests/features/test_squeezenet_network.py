"""The layers of SqueezeNet 1.1."""

from m2m_tf.features.squeezenet_network import build_network


def test_it_has_the_parameters_and_sizes_of_squeezenet_1_1():
    network = build_network()
    assert network.count_params() == 1_235_496  # as torchvision counts those of squeezenet1_1
    assert [output.shape for output in network.outputs] == [(None, 512), (None, 1000)]
    maps = {name: network.get_layer(name).output.shape[1:] for name in ("fire2", "fire9")}
    assert maps == {"fire2": (56, 56, 128), "fire9": (13, 13, 512)}
