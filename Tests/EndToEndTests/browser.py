"""A browser that this project did not write."""

import contextlib
import json
import shutil
import subprocess
import urllib.request

import websockets.sync.client

from daemon import Lines, wait_until

CHROMIUM = shutil.which("chromium")


class Browser:
    """Chromium without a window, driven by its DevTools protocol."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [
                CHROMIUM,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                # It knows no authority of a test's own.
                "--ignore-certificate-errors",
                f"--user-data-dir={folder}",
                "--remote-debugging-port=0",
                "about:blank",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.log = Lines(self.process.stderr)
        found = self.log.wait(r"^DevTools listening on ws://(\S+?)/", seconds=60)
        assert found, self.log.text
        self.authority = found[0][1]
        self.number = 0
        self.page = contextlib.ExitStack()

    def open(self, url):
        """Opens a page, so that its scripts have its origin."""
        request = urllib.request.Request(
            f"http://{self.authority}/json/new?{url}", method="PUT"
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            target = json.load(answer)
        self.page.close()
        self.socket = self.page.enter_context(
            websockets.sync.client.connect(
                target["webSocketDebuggerUrl"], max_size=None, proxy=None, compression=None
            )
        )
        self.wait_for(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def prefer(self, scheme):
        """Lets the open page believe that its reader prefers `light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.command("Emulation.setEmulatedMedia", {"features": features})

    def command(self, method, params):
        """The answer to a command of the DevTools protocol."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv(60))
            if answer.get("id") == self.number:
                return answer

    def evaluate(self, script):
        """The answer to a script, which is an error where its page goes away meanwhile."""
        params = {"expression": script, "awaitPromise": True, "returnByValue": True}
        return self.command("Runtime.evaluate", params)

    def run(self, script):
        """The value of a script, waited for."""
        answer = self.evaluate(script)
        assert "result" in answer, answer
        assert "exceptionDetails" not in answer["result"], answer["result"]["exceptionDetails"]
        return answer["result"]["result"].get("value")

    def wait_for(self, script):
        """Waits until a script is true, on whatever page is there by then."""

        def is_true():
            result = self.evaluate(script).get("result", {"exceptionDetails": "no page"})
            return "exceptionDetails" not in result and result["result"].get("value")

        wait_until(is_true, 60, script)

    def close(self):
        self.page.close()
        self.process.terminate()
        self.process.wait(20)
        self.log.wait_end()
