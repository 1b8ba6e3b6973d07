"""Which names of the server a request may be sent to.

A page of another site may give its own name the address of this machine (DNS rebinding), and ask
the server in the name of whoever looks at it. Such a request's `Host` is that other name.
"""

import ipaddress
import re

from starlette.responses import JSONResponse

LOOPBACK = ("localhost", "127.0.0.1", "::1")
ANY = "*"
HOST = re.compile(r"(\[[0-9a-f:.%]+\]|[^:\[\]]+)(:\d*)?")


class HostCheck:
    """ASGI middleware that answers 421 to requests that are meant for another host.

    Args:
        app: The ASGI application.
        host: The address at which the server listens. At all of a machine's addresses, each
            address written in numbers is taken: no site can give itself one.
        allowed: More names; "*" takes all.
    """

    def __init__(self, app, host, allowed=()):
        self.app = app
        self._names = {name.lower() for name in (*LOOPBACK, host, *allowed)}
        self._takes_numbers = _is_of_all(host)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and not self.takes(scope):
            said = (
                "Expected a request to this server's name; its Host is another. --allow_host adds "
                "a name."
            )
            return await JSONResponse({"error": said}, 421)(scope, receive, send)
        return await self.app(scope, receive, send)

    def takes(self, scope):
        """Whether a request is meant for this server."""
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if ANY in self._names:
            return True
        if not hosts:
            return scope["http_version"] == "1.0"  # which has none; browsers speak 1.1
        found = HOST.fullmatch(hosts[0].lower())
        if len(hosts) > 1 or found is None:
            return False
        name = found[1].strip("[]").removesuffix(".")
        return name in self._names or (self._takes_numbers and _is_address(name))


def _is_address(name):
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_of_all(host):
    """Whether a server at this address listens at all of the machine's."""
    return _is_address(host) and ipaddress.ip_address(host).is_unspecified
