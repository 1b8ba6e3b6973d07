"""The generator as OpenVINO reads it, a file of its graph and one of its weights."""

NAME, WEIGHTS = "model.xml", "model.bin"
WHAT = "OpenVINO, with its weights in model.bin"


def write(graph, folder):
    """Writes `model.xml` and `model.bin` of a `LatentToImages`."""
    graph.write(folder / NAME, "openvino")
    return [NAME, WEIGHTS]


def runner(folder):
    """The function, on this machine's CPU, from inputs to outputs, both by their names."""
    import openvino

    # Left to itself it computes in 16 bits where the processor multiplies them.
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(folder / NAME, "CPU", exact)

    def run(inputs):
        outputs = compiled(inputs).to_dict()
        return {output.any_name: value for output, value in outputs.items()}

    return run
