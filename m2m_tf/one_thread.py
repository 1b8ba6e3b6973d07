"""Linear algebra in one thread: in small products, and on busy cores, threads wait and wait."""

import contextlib
import functools
import sys

from threadpoolctl import ThreadpoolController


@contextlib.contextmanager
def one_thread(user_api="blas"):
    """A context in which the libraries of linear algebra use one thread.

    As `threadpoolctl.threadpool_limits(1, user_api)`, which searches the process for its
    libraries each time: in an evaluation that took three tenths of the time.

    Args:
        user_api: `"blas"`, `"openmp"` or None for both.

    Example:

    ```python
    with one_thread():
        eigenvalues = np.linalg.eigvalsh(matrix)
    ```
    """
    with _controller(len(sys.modules)).limit(limits=1, user_api=user_api):
        yield


@functools.lru_cache(1)
def _controller(modules):
    """What knows the libraries, until a module more may have loaded others."""
    import sklearn.mixture  # noqa: F401

    return ThreadpoolController()
