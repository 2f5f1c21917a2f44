"""curl and a browser connect to the hub and work."""

import base64
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import threading

import pytest

from daemon import Lines
from foreign_hub import authority, hub  # noqa: F401 (fixtures)

CURL = shutil.which("curl")

# --- curl ----------------------------------------------------------------------------------------


@pytest.mark.skipif(not CURL, reason="there is no curl")
def test_curl_shows_the_upgrade(hub, authority):
    key = base64.b64encode(os.urandom(16)).decode()
    fields = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    fields += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Protocol: omnihub.v1"]
    command = [CURL, "--include", "--no-buffer", "--silent", "--http1.1", "--max-time", "30"]
    command += ["--cacert", authority.path]
    for field in fields:
        command += ["--header", field]
    process = subprocess.Popen([*command, f"{hub.http}/ws"], stdout=subprocess.PIPE)
    try:
        output = Lines(process.stdout)
        assert output.wait(r"^HTTP/1\.1 101 Switching Protocols\r?$"), output.text
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        accept = base64.b64encode(digest).decode()
        assert output.wait(rf"(?i)^sec-websocket-accept: {accept.replace('+', '[+]')}\r?$")
        assert output.wait(r"(?i)^sec-websocket-protocol: omnihub\.v1\r?$")
    finally:
        process.terminate()
        process.wait()
    # A frame ends with no line feed, so its line is whole once the output has ended.
    output.wait_end()
    assert "session.welcome" in output.text


@pytest.mark.skipif(not CURL, reason="there is no curl")
def test_curl_speaks_websocket(hub, authority):
    version = subprocess.run([CURL, "--version"], capture_output=True, text=True, check=True)
    protocols = next(line for line in version.stdout.splitlines() if line.startswith("Protocols:"))
    if "ws" not in protocols.split():
        pytest.skip("this curl knows no ws://")
    process = subprocess.Popen(
        [CURL, "--include", "--no-buffer", "--silent", "--cacert", authority.path, hub.url],
        stdout=subprocess.PIPE,
    )
    try:
        output = Lines(process.stdout)
        assert output.wait(r"^HTTP/1\.1 101"), output.text
    finally:
        process.terminate()
        process.wait()
    output.wait_end()
    assert "session.welcome" in output.text


# --- a browser -----------------------------------------------------------------------------------


CONVERSATION = """
(async () => {
    const socket = new WebSocket(URL_OF_HUB, ["omnihub.v1"]);
    socket.binaryType = "arraybuffer";
    const arrived = [], waiting = [];
    const arrive = (item) => waiting.length ? waiting.shift()(item) : arrived.push(item);
    socket.onmessage = (event) => arrive(JSON.parse(event.data));
    socket.onclose = (event) => arrive({code: event.code, clean: event.wasClean});
    const next = () => arrived.length
        ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve));
    const call = (id, method, params) =>
        socket.send(JSON.stringify({jsonrpc: "2.0", id, method, params}));

    const result = {welcome: await next()};
    result.subprotocol = socket.protocol;
    result.extensions = socket.extensions;
    call(1, "hub.subscribe", {channel: "app.browser"});
    result.position = await next();
    result.data = "Grüße 世界 ".repeat(5000);
    call(2, "hub.publish", {channel: "app.browser", data: result.data});
    result.published = [await next(), await next()];
    socket.send(new Uint8Array([0, 255]));
    result.closed = await next();
    return result;
})()
"""


def test_a_browser_holds_a_conversation(hub, browser):
    browser.open(f"{hub.http}/health/live")
    result = browser.run(CONVERSATION.replace("URL_OF_HUB", json.dumps(hub.url)))
    assert result["welcome"]["method"] == "session.welcome"
    assert result["subprotocol"] == "omnihub.v1"
    assert "permessage-deflate" in result["extensions"]
    position = result["position"]["result"]
    (answer,) = [message for message in result["published"] if message.get("id") == 2]
    (event,) = [message for message in result["published"] if "method" in message]
    assert answer["result"]["offset"] == position["offset"] + 1
    assert event["method"] == "hub.event"
    assert event["params"]["data"] == result["data"]
    assert result["closed"] == {"code": 1003, "clean": True}


REFUSED = """
new Promise((resolve) => {
    const socket = new WebSocket(URL_OF_HUB);
    socket.onopen = () => resolve("open");
    socket.onclose = (event) => resolve(event.code);
})
"""


class Blank(http.server.BaseHTTPRequestHandler):
    """An empty page, without the policy of the hub's own pages: they may not even try."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>blank</title>")

    def log_message(self, *_):
        pass


def test_a_page_of_another_origin_is_refused(hub, browser):
    attempt = REFUSED.replace("URL_OF_HUB", json.dumps(hub.url))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser.open(f"http://127.0.0.1:{server.server_port}/")
        assert browser.run(attempt) == 1006
        server.shutdown()
    browser.open(f"{hub.http}/health/live")
    assert browser.run(attempt) == "open"
