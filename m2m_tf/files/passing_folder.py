"""A temporary folder for as long as somebody needs it."""

import shutil
import tempfile
import weakref


class PassingFolder:
    """A temporary folder that goes with its last user, or when the process ends.

    Unlike `tempfile.TemporaryDirectory`, which warns where it is not asked to go.

    Args:
        prefix: What its name begins with.

    Attributes:
        name: Its path.

    Example:

    ```python
    folder = PassingFolder("m2m-codes-")
    Path(folder.name, "codes.npy").write_bytes(content)
    del folder  # and the files are gone
    ```
    """

    def __init__(self, prefix: str) -> None:
        self.name = tempfile.mkdtemp(prefix=prefix)
        weakref.finalize(self, shutil.rmtree, self.name, ignore_errors=True)
