"""Files of weights of other libraries, as float32 arrays by name; nothing in them is run."""

from pathlib import Path

from m2m_tf.files import safetensors_file, torch_file

LARGEST = 1 << 30  # bytes of a file


def read_weights(path):
    """Reads a file of tensors that PyTorch or safetensors wrote, without PyTorch.

    Args:
        path: A `.safetensors` file; any other is taken for one of `torch.save`, a zip of tensors.

    Returns:
        `{name: float32 array}`, axes in the file's order.

    Raises:
        ValueError: If the file is not there, is damaged, holds anything but tensors of float16,
            bfloat16 or float32; or if safetensors is not installed and is needed.

    Example:

    ```python
    arrays = read_weights("taef2_encoder.pth")
    arrays["0.weight"].shape  # (64, 3, 3, 3)
    ```
    """
    path = Path(path)
    kind = safetensors_file if path.suffix == ".safetensors" else torch_file
    return kind.read(read_whole(path), path)


def read_whole(path):
    """The bytes of a file of a bearable size.

    Raises:
        ValueError: If it is not there, or larger than `LARGEST`.
    """
    if not path.is_file():
        raise ValueError(f"Expected a file of weights; '{path}' is not there or is no file.")
    size = path.stat().st_size
    if size > LARGEST:
        raise ValueError(
            f"Expected a file of weights of at most {LARGEST:,} bytes; '{path}' has {size:,}."
        )
    return path.read_bytes()
