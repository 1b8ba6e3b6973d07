"""Networks of others, called where no strategy is: in its scope SavedModels cannot be called."""

from concurrent.futures import ThreadPoolExecutor


def outside_scopes(function, *arguments):
    """What a function gives where no strategy is.

    Args:
        function: The function.
        *arguments: What it takes.

    Raises:
        Exception: What the function raises.
    """
    with ThreadPoolExecutor(1) as other:  # a strategy's scope is of the thread that entered it
        return other.submit(function, *arguments).result()
