"""A connection of a client, with bounds on what it sends and how long that takes."""

import http

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 65_536  # bytes of a request's first line and headers
FRAMING = 8  # bytes that may be sent for one of a body: chunks of one byte take six
LINGER = 2.0  # seconds in which a client that was refused may read why
BUSY = "The server has as many connections as it may; ask again later."
LATE = "Expected a request to be sent within {:g} seconds."
LARGE_HEAD = f"Expected a request's first line and headers of at most {MOST_HEAD:,} bytes."
NO_HTTP = "Expected a request of HTTP/1.1."
STOPS = "The server stops."


class Connection(HttpToolsProtocol):
    """Uvicorn's connection, whose client has so long to send a request and to take the answer.

    Args:
        limits: The `Limits`.
        given: What uvicorn gives a connection.
    """

    def __init__(self, limits, **given):
        super().__init__(**given)
        self._limits = limits
        self._sending = self._taking = None  # timers
        self._received, self._in_head, self._refused = 0, True, False

    def connection_made(self, transport):
        """Counts the connection, and begins to wait for a request."""
        super().connection_made(transport)
        self._begin_sending()
        if len(self.connections) > 2 * self._limits.connections:
            transport.abort()  # those that are told why count, too
        elif len(self.connections) > self._limits.connections:
            self._refuse(503, BUSY, b"retry-after: 1\r\n")

    def connection_lost(self, exc):
        """Frees its place."""
        self._end_sending()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data):
        """Takes bytes, as long as the request is within its limits."""
        if self._refused:
            return
        if self.cycle is None or self.cycle.response_complete:
            self._begin_sending()
        self._received += len(data)
        super().data_received(data)
        if self._in_head and self._received > MOST_HEAD:
            self._refuse(431, LARGE_HEAD)
        elif self._received > FRAMING * (self._limits.bytes + MOST_HEAD):
            self.transport.abort()  # it was told, and goes on

    def on_message_begin(self):
        """A request begins: it must be sent within its time."""
        self._begin_sending()
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self):
        """The headers are there: refuses what they announce, if it is too much."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self):
        """The request is whole."""
        self._end_sending()
        self._received = 0
        super().on_message_complete()
        if self.cycle.response_complete:  # refused before it was sent whole
            if self.timeout_keep_alive_task is not None:
                self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def pause_writing(self):
        """The client takes nothing at the moment: it is waited for, for a time."""
        super().pause_writing()
        self._taking = self.loop.call_later(self._limits.seconds, self.transport.abort)

    def resume_writing(self):
        """The client takes again."""
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
        super().resume_writing()

    def shutdown(self):
        """As the server stops: what is being sent is not waited for."""
        if self._sending is not None:
            self._refuse(503, STOPS)
        else:
            super().shutdown()

    def send_400_response(self, msg):
        """Uvicorn's answer to what is no HTTP, as JSON."""
        self._refuse(400, NO_HTTP)

    def _begin_sending(self):
        if self._sending is None and not self._refused:
            self._sending = self.loop.call_later(self._limits.seconds, self._late)

    def _end_sending(self):
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _late(self):
        self._refuse(408, LATE.format(self._limits.seconds))

    def _refuse(self, status, said, headers=b""):
        """Says why, and closes; what still comes is thrown away, so that the client can read it."""
        self._end_sending()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        if not self._is_answerable():
            self.transport.close()
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_answer(status, said, headers))
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER, self.transport.abort)

    def _is_answerable(self):
        """Whether what is written now is read as the answer to what is being sent."""
        if self.cycle is None:
            return True
        if self._in_head:  # of the next request
            return self.cycle.response_complete
        return self.cycle.more_body and not self.cycle.response_started


def _answer(status, said, headers):
    body = orjson.dumps({"error": said})
    phrase = http.HTTPStatus(status).phrase.encode()
    return (
        b"HTTP/1.1 %d %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n%b"
        b"connection: close\r\n\r\n%b" % (status, phrase, len(body), headers, body)
    )
