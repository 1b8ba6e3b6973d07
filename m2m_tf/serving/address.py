"""Where a server listens."""

import socket


def listen(host, port, flag="--port"):
    """Opens a socket that listens.

    Args:
        host: The address: "127.0.0.1" for this machine alone, "0.0.0.0" for all.
        port: The port; 0 takes one that is free.
        flag: What gives it on the command line, for the error.

    Raises:
        ValueError: If the port is in use, or the address is none of this machine's.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise ValueError(
            f"Cannot listen at {host}, port {port}: {error.strerror}. Give another {flag}, or 0 for"
            " one that is free."
        ) from error
    return listening


def free_port(host, port, flag="--port"):
    """The port itself where nobody listens at it; one that is free for 0.

    Raises:
        ValueError: As `listen`.
    """
    with listen(host, port, flag) as listening:
        return listening.getsockname()[1]
