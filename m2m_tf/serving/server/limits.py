"""A bound on what a request may send."""

from starlette.responses import JSONResponse


class BodyLimit:
    """ASGI middleware that answers 413 to a body above a number of bytes, without reading it all.

    Args:
        app: The ASGI application.
        most: Bytes that a body may have.
    """

    def __init__(self, app, most):
        self.app, self.most = app, most

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body = await self._body(scope, receive)
        if body is None:
            said = f"Expected a body of at most {self.most:,} bytes."
            return await JSONResponse({"error": said}, 413, {"connection": "close"})(
                scope, receive, send
            )
        return await self.app(scope, _give_back(body, receive), send)

    async def _body(self, scope, receive):
        """The body; None for one above the limit."""
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared) > self.most:
            return None
        parts, length, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            parts.append(message.get("body", b""))
            length += len(parts[-1])
            if length > self.most:
                return None
            more = message.get("more_body", False)
        return b"".join(parts)


def _give_back(body, receive):
    """A `receive` that gives a body that was read already, and then what comes."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def given():
        return messages.pop() if messages else await receive()

    return given
