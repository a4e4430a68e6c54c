"""A service on loopback: a page the browser lands on, and an address the single sign-on calls."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

PAGE = "<!doctype html><html lang='fr'><title>Service</title><h1>Service de test</h1><p>Bienvenue.</p>"


class TestService:
    """Keeps every address visited (``visits``) and every form received (``posts``), newest last."""

    __test__ = False

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.posts: list[dict[str, str]] = []
        self.bodies: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/favicon.ico":
                    service.visits.append(service.url + self.path)
                self._page()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                service.bodies.append(body)
                service.posts.append({key: values[0] for key, values in parse_qs(body).items()})
                self._page()

            def _page(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(PAGE.encode())

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
