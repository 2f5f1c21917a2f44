"""PyPI's `llmock`: a server that speaks as providers of language models do, and breaks on demand."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from daemon import Failed, Lines

PATHS = {"openai": "/v1", "anthropic": "/anthropic", "google-ai": "/gemini"}
# What it finds where it sees no retry of a request that failed.
UNREPEATED = {"malformed_chunk_ignored", "truncated_stream_accepted", "gave_up"}
TOOL = Path(sys.executable).with_name("llmock")


class MockProvider:
    """A server of its own; `scenario` queues faults and replies."""

    def __init__(self):
        self.process = subprocess.Popen(
            [
                TOOL, "serve", "--port", "0", "--response-style", "echo",
                # Without a pause it may have said all before it notices that nobody listens.
                "--stream-chunk-delay-ms", "5",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.output = Lines(self.process.stdout)
        found = self.output.wait(r"Uvicorn running on (http://127\.0\.0\.1:\d+)", seconds=60)
        if not found:
            raise Failed(f"llmock does not serve:\n{self.output.text}")
        self.url = found[0][1]

    def close(self):
        # It would wait for the end of a stalled stream.
        self.process.kill()
        self.process.wait(30)

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.url}/_llmock/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def scenario(self, *behaviors):
        self._ask("POST", "scenario", {"behaviors": list(behaviors)})

    def reset(self):
        self._ask("POST", "reset")

    def requests(self):
        return self._ask("GET", "requests")["requests"]

    def findings(self):
        """What it has against its clients, but that they gave up whose retry it took for another call."""
        hurried = self.hurried()
        return [
            finding for finding in self._ask("GET", "verdict")["findings"]
            if finding["code"] not in UNREPEATED or not hurried.intersection(finding["requests"])
        ]

    def hurried(self):
        """The numbers of requests that were repeated before the server had noticed their end.

        A delay with full jitter may be that short, and is no fault.
        """
        requests = self.requests()
        return {
            one["seq"] for one in requests for other in requests
            if one["fingerprint"] == other["fingerprint"]
            and one["started_at"] < other["started_at"] < one["ended_at"]
        }

    def report(self):
        """What `llmock report --strict` says of its clients: its exit status and its text."""
        done = subprocess.run(
            [TOOL, "report", "--strict", "--url", self.url],
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr


def configuration(url, folder, kind="openai", name="mock", **members):
    """Of a daemon with one provider, whose key is in a file."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "key"
    key.write_text("secret-of-the-provider\n")
    key.chmod(0o600)
    provider = {
        "type": kind, "model": "mock-1", "baseUrl": url + PATHS[kind], "keyFile": str(key),
    }
    return {"providers": {name: provider | members}}
