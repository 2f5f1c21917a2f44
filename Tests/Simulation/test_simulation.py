"""The deterministic simulation of Tests/Simulation: a short form of Tests/Simulation/run, and proof
that it would find what it is there to find."""

import re
import subprocess

import pytest

from daemon import BINARIES


def simulate(*arguments):
    return subprocess.run(
        [BINARIES / "omnihub-sim", *arguments], capture_output=True, text=True, check=False
    )


def digest(text):
    return re.search(r"trace ([0-9a-f]{16})", text).group(1)


def test_every_promise_is_kept_in_some_runs():
    run = simulate("--seeds", "1..40")
    assert run.returncode == 0, run.stdout
    assert "40 seeds, all promises kept" in run.stdout


def test_a_seed_gives_the_same_run_each_time():
    digests = [digest(simulate("--seed", "7").stdout) for _ in range(2)]
    assert digests[0] == digests[1]
    assert digest(simulate("--seed", "8").stdout) != digests[0]


def test_a_trace_says_what_happened():
    trace = simulate("--seed", "6", "--trace").stdout
    for sign in ["hub: starts", "event 1 system.started", "c0: connects", "chaos: ", "calm"]:
        assert sign in trace


@pytest.mark.parametrize("bug", ["skip-fdatasync", "early-acknowledgement", "dropped-event"])
def test_a_planted_bug_is_found_and_replayed(bug):
    found = simulate("--seeds", "1..1000", "--jobs", "1", "--plant", bug)
    assert found.returncode == 1, found.stdout
    seed = re.search(r"seed (\d+) FAILED", found.stdout).group(1)
    assert f"replay it: omnihub-sim --seed {seed} --plant {bug} --trace" in found.stdout

    replayed = simulate("--seed", seed, "--plant", bug)
    assert replayed.returncode == 1
    assert digest(replayed.stdout) == digest(found.stdout)
    # It is the bug that was found, and nothing else.
    assert simulate("--seed", seed).returncode == 0


def test_arguments_that_make_no_sense_are_refused():
    for arguments in [["--seeds", "9..1"], ["--seed", "x"], ["--plant", "roses"], ["--what"]]:
        run = simulate(*arguments)
        assert run.returncode == 64
        assert run.stdout.startswith("omnihub-sim: ")
