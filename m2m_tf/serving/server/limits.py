"""Bounds on what clients may ask of the server, and the middleware that holds some of them."""

from typing import NamedTuple

from starlette.responses import JSONResponse

LITTLE = 65_536  # bytes of a body that are always taken
BODIES = 16  # bodies of the greatest size that are held at once
WAIT = {"retry-after": "1"}  # seconds after which a client that was refused may ask again


class Limits(NamedTuple):
    """What clients may ask of the server.

    Attributes:
        bytes: Bytes of a request's body.
        images: Images of a request; None for what the export allows, 4,096 at most.
        requests: Requests that are computed or wait for it.
        connections: Connections at once.
        seconds: Seconds that a client may take to send a request, or to take in what it is sent.
    """

    bytes: int = 8_000_000
    images: int | None = None
    requests: int = 128
    connections: int = 256
    seconds: float = 30.0


class RequestLimit:
    """ASGI middleware that answers 413 to a large body and 503 where too much is in work.

    Args:
        app: The ASGI application.
        limits: The `Limits`.
    """

    def __init__(self, app, limits):
        self.app, self.limits = app, limits
        self._in_work = self._held = 0  # requests; bytes of bodies

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        parts = []
        try:
            refusal = await self._read(parts, scope, receive)
            if refusal is None:
                refusal = await self._answer(scope, _given(parts[0], receive), send)
            if refusal is not None:
                await refusal(scope, receive, send)
        except _Gone:
            pass
        finally:
            self._held -= sum(map(len, parts))

    async def _read(self, parts, scope, receive):
        """Puts the body into `parts`, as one; returns a refusal where it is too much."""
        declared = dict(scope["headers"]).get(b"content-length", b"")
        length, more = int(declared) if declared.isdigit() else 0, True
        if length > self.limits.bytes:
            return self._too_large()
        length = 0
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            parts.append(message.get("body", b""))
            length += len(parts[-1])
            self._held += len(parts[-1])
            if length > self.limits.bytes:
                return self._too_large()
            if length > LITTLE and self._held > BODIES * self.limits.bytes:
                return _busy("The server holds as many bytes of requests as it may")
            more = message.get("more_body", False)
        parts[:] = [b"".join(parts)]
        return None

    async def _answer(self, scope, receive, send):
        """Lets the application answer; returns a refusal where it has too much to do."""
        if scope["method"] != "POST":  # as liveness, which is no work
            return await self.app(scope, receive, send)
        if self._in_work >= self.limits.requests:
            return _busy("The server has as many requests in work as it may")
        self._in_work += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._in_work -= 1

    def _too_large(self):
        said = f"Expected a body of at most {self.limits.bytes:,} bytes."
        return JSONResponse({"error": said}, 413)


class ClosedPaths:
    """ASGI middleware that answers 404 where an application tells of its inside.

    Args:
        app: The ASGI application.
        paths: The paths that are closed.
    """

    def __init__(self, app, paths):
        self.app, self.paths = app, paths

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"].rstrip("/") in self.paths:
            return await JSONResponse({"error": "Not Found"}, 404)(scope, receive, send)
        return await self.app(scope, receive, send)


class _Gone(Exception):
    """The client has closed the connection."""


def _busy(said):
    return JSONResponse({"error": f"{said}; ask again later."}, 503, WAIT)


def _given(body, receive):
    """A `receive` that gives a body that was read already, and then what comes."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def given():
        return messages.pop() if messages else await receive()

    return given
