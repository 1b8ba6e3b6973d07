"""A server on this machine that answers as Hugging Face's does for the files it is given."""

import contextlib
import hashlib
import http.server
import threading

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextlib.contextmanager
def serve_hub(files):
    """Serves repositories' files until the block ends.

    Args:
        files: `{"owner/name/file": bytes}`; each has the revisions `main` and `COMMIT`.

    Yields:
        The address, for `HF_ENDPOINT`, and a list that fills with what is asked for.
    """
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self._answer(send=False)

        def do_GET(self):
            self._answer(send=True)

        def log_message(self, *_):
            pass

        def _answer(self, send):
            asked.append(f"{self.command} {self.path}")
            owner, name, _, revision, file = self.path.strip("/").split("/", 4)
            data = files.get(f"{owner}/{name}/{file}")
            if data is None or revision not in ("main", COMMIT):
                self.send_response(404)
                self.send_header("X-Error-Code", "RepoNotFound")
                self.send_header("Content-Length", "0")
                return self.end_headers()
            self.send_response(200)
            self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if send:
                self.wfile.write(data)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
