"""Starts and ends the real omnihubd, and watches it from outside."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARIES = Path(os.environ.get("OMNIHUB_BIN_DIR") or ROOT / ".build" / "debug").resolve()

# What the Swift runtime, the C library or a sanitizer leave on standard error.
CRASH = re.compile(
    r"Fatal error|Program crashed|\*\*\* Signal|Thread \d+ crashed|"
    r"Illegal instruction|Segmentation fault|Sanitizer"
)


class Failed(Exception):
    """The daemon did not do what it was waited for."""


def wait_until(condition, seconds=10, what="condition"):
    """Asks again until `condition()` is true; its value is returned."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.005)


class Lines:
    """Collects the lines of a pipe as they come."""

    def __init__(self, pipe):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        threading.Thread(target=self._read, args=(pipe,), daemon=True).start()

    def _read(self, pipe):
        with pipe:
            for line in pipe:
                with self.changed:
                    self.lines.append(line.decode(errors="replace").rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, pattern, count=1, seconds=20):
        """The groups of the first `count` matching lines, waited for."""

        def matches():
            found = [match for line in self.lines if (match := re.search(pattern, line))]
            return found[:count] if len(found) >= count else None

        with self.changed:
            self.changed.wait_for(lambda: matches() or self.ended, seconds)
            return matches()

    def wait_end(self, seconds=10):
        with self.changed:
            self.changed.wait_for(lambda: self.ended, seconds)

    @property
    def text(self):
        with self.changed:
            return "\n".join(self.lines)


class Process:
    """A program with its output; `arguments` begin with the name of one of our executables."""

    def __init__(self, *arguments, environment=None, wrapper=(), cwd=None, pass_fds=()):
        program, *rest = map(str, arguments)
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("OMNIHUB_") and name not in ("NOTIFY_SOCKET", "STATE_DIRECTORY")
        }
        self.process = subprocess.Popen(
            [*wrapper, str(BINARIES / program), *rest],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean | (environment or {}),
            cwd=cwd,
            pass_fds=pass_fds,
        )
        self.stdout = Lines(self.process.stdout)
        self.stderr = Lines(self.process.stderr)

    @property
    def pid(self):
        return self.process.pid

    def wait(self, seconds=30):
        """The exit status, once all output was read."""
        status = self.process.wait(seconds)
        self.stdout.wait_end()
        self.stderr.wait_end()
        return status

    def end(self, number=signal.SIGTERM, seconds=30):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait(seconds)

    def check_for_crash(self):
        status = self.process.poll()
        died = status is not None and status < 0 and status not in (-signal.SIGKILL,)
        if died or CRASH.search(self.stderr.text):
            raise AssertionError(f"crashed with {status}:\n{self.stderr.text[-4000:]}")


class Daemon:
    """An omnihubd on a state folder; it can be started more than once."""

    def __init__(self, folder, config=None, dev=True, listen=("127.0.0.1:0",), arguments=(), tls=None, **options):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state = self.folder / "state"
        # A stop does not take its time unless the test is about that.
        config = config or {}
        self.config = config | {"timeouts": {"drainMs": 0} | config.get("timeouts", {})}
        self.dev = dev
        self.listen = listen
        self.arguments = arguments
        # What its clients trust, as a context of `ssl`, when it speaks TLS.
        self.tls = tls
        self.options = options
        self.process = None
        self.earlier_logs = []

    def start(self, wait=True):
        command = ["omnihubd", "--state-dir", self.state]
        for address in self.listen:
            command += ["--listen", address]
        if self.dev:
            command.append("--dev")
        path = self.folder / "omnihub.json5"
        path.write_text(json.dumps(self.config))
        command += ["--config", path]
        self.process = Process(*command, *self.arguments, **self.options)
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self):
        matches = self.process.stdout.wait(r"^listening on (wss?://\S+)$", len(self.listen))
        if not matches:
            self.process.check_for_crash()
            raise Failed(f"not listening:\n{self.process.stderr.text[-4000:]}")
        self.urls = [match[1] for match in matches]
        self.url = self.urls[0]
        if port := re.search(r":(\d+)/ws$", self.url):
            self.port = int(port[1])
            scheme = "https" if self.url.startswith("wss:") else "http"
            self.http = f"{scheme}://127.0.0.1:{self.port}"

    def kill(self):
        """kill -9."""
        assert self.process.end(signal.SIGKILL) == -signal.SIGKILL, "had died before"
        self.earlier_logs.append(self.process.stderr.text)

    def stop(self):
        """SIGTERM; the exit status."""
        status = self.process.end()
        self.earlier_logs.append(self.process.stderr.text)
        return status

    @property
    def is_running(self):
        return self.process is not None and self.process.process.poll() is None

    @property
    def log(self):
        return "\n".join([*self.earlier_logs, self.process.stderr.text])

    def check(self):
        """Ends the daemon, if it runs, and fails if it did not end well."""
        if self.process is None:
            return
        status = self.process.end()
        self.process.check_for_crash()
        assert status in (0, -signal.SIGKILL), f"exit status {status}:\n{self.log[-4000:]}"

    # --- from outside --------------------------------------------------------------------------

    @property
    def rss(self):
        """Resident memory in bytes."""
        return self._status("VmRSS") * 1024

    @property
    def peak_rss(self):
        """The most that its resident memory was since `reset_peak_rss`."""
        return self._status("VmHWM") * 1024

    def reset_peak_rss(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def _status(self, name):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1])

    def get(self, path):
        with urllib.request.urlopen(self.http + path, timeout=10, context=self.tls) as answer:
            return answer.read().decode()

    def metrics(self):
        """Samples of /metrics by name and labels."""
        samples = {}
        for line in self.get("/metrics").splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                samples[name] = float(value)
        return samples

    @property
    def sockets(self):
        """How many sockets the process has open."""
        folder = Path(f"/proc/{self.process.pid}/fd")
        count = 0
        for entry in folder.iterdir():
            try:
                count += os.readlink(entry).startswith("socket:")
            except FileNotFoundError:
                pass
        return count
