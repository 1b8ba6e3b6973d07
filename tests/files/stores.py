"""An S3 server on the loopback interface, and a way to it that fails now and then."""

import contextlib
import socket
import threading

CHUNK = 1 << 14


@contextlib.contextmanager
def broken_way(port, cuts, after):
    """A port that leads to another one; of its first connections so many are cut.

    Args:
        port: Where it leads.
        cuts: A list of one number, how many connections are still to be cut.
        after: Bytes that a connection is let answer before it is cut.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, port, cuts, after), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening, port, cuts, after):
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=_copy, args=(client, server), daemon=True).start()
        arguments = (server, client, cuts, after)
        threading.Thread(target=_copy, args=arguments, daemon=True).start()


def _copy(source, target, cuts=None, after=None):
    done = 0
    with contextlib.suppress(OSError):
        while content := source.recv(CHUNK):
            done += len(content)
            if cuts and cuts[0] > 0 and done > after:
                cuts[0] -= 1
                break
            target.sendall(content)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
