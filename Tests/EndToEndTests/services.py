"""Servers that stand for services of others, and check what they are sent."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Service:
    """An HTTP server on loopback. `answers` are given in turn, then `standard`; a callable is asked."""

    def __init__(self):
        self.requests = []
        self.answers = []
        self.standard = (200, {"ok": True})
        self.changed = threading.Condition()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service.answer(self, body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, body):
        request = Request(handler, body)
        with self.changed:
            self.requests.append(request)
            answer = self.answers.pop(0) if self.answers else self.standard
            self.changed.notify_all()
        status, content, *headers = answer(request) if callable(answer) else answer
        text = content if isinstance(content, str) else json.dumps(content)
        handler.send_response(status)
        for name, value in headers[0].items() if headers else ():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    def wait(self, count, seconds=60):
        """The first `count` requests, waited for."""
        with self.changed:
            enough = self.changed.wait_for(lambda: len(self.requests) >= count, seconds)
            assert enough, f"{len(self.requests)} requests, not {count}"
            return self.requests[:count]


class Request:
    def __init__(self, handler, body):
        self.method = handler.command
        self.target = handler.path
        self.path = urlsplit(handler.path).path
        self.query = parse_qs(urlsplit(handler.path).query, keep_blank_values=True)
        self.headers = handler.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def basic(self):
        """User and password of basic authentication."""
        scheme, _, text = self.headers["Authorization"].partition(" ")
        assert scheme == "Basic"
        return base64.b64decode(text).decode().split(":", 1)
