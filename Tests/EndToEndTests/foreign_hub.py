"""A hub for clients that this project did not write: in the clear, and over TLS."""

import pytest

from certificates import Authority
from daemon import Daemon


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module", params=["plain", "TLS"])
def hub(request, tmp_path_factory, authority):
    options = {}
    if request.param == "TLS":
        certificate, key = authority.certify("hub")
        options["arguments"] = ["--tls-certificate", certificate, "--tls-key", key]
        options["tls"] = authority.context()
    daemon = Daemon(tmp_path_factory.mktemp("hub"), **options)
    daemon.start()
    yield daemon
    daemon.check()
