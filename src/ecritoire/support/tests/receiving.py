"""A real HTTP server on the other side: it keeps what it is sent and answers as it is told."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answers``: a status for each request in turn, the last one for those after; ``drips``: seconds between two bytes."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    drips: float = 0
    location: str = ""
    got: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Received(self.path, headers, body))
            status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
            try:
                self._answer(status)
            except OSError:
                return  # whoever called has hung up

        def _answer(self, status: int) -> None:
            self.send_response(status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.end_headers()
            for _ in range(1000 if receiver.drips else 0):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(receiver.drips)
            self.wfile.write(b"noted" * 1000)

        def log_message(self, *arguments: object) -> None:
            """Nothing: a test says what it must."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
