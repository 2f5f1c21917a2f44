"""Single tasks of the built-in agents, run through the hub."""

import batches
import pytest

from client import Failure


def run(client, kind, /, **payload):
    """The result of a task of the type `kind`."""
    return batches.result(client, kind, payload)


def refused(client, kind, /, **payload):
    """The JSON pointers to what the hub refuses of a payload, below the payload itself."""
    with pytest.raises(Failure) as caught:
        client.call("tasks.create", type=kind, payload=payload)
    assert caught.value.name == "VALIDATION_ERROR", caught.value
    return [path.removeprefix("/payload") for path in caught.value.paths]
