"""A renewed certificate is shown by every broker while records flow and none restarts."""

import base64
import json
import socket
import ssl
import time

import pytest

from devkit import certificates
from devkit.patience import wait_until
from devkit.traffic import kept
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import STREAMING, Stand

pytestmark = pytest.mark.e2e

SEEN = 240
"""Seconds until the kubelet has renewed the files and the brokers have been told."""


def shown(stand: Stand) -> set[bytes]:
    """Return the certificate that each broker shows at its own address, its name verified."""
    context = ssl.create_default_context(cafile=str(stand.site.authority))
    found = set()
    for address in stand.site.outputs()["kafkaExternalBrokers"]:
        host, port = address.split(":")
        with (
            socket.create_connection((host, int(port)), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=host) as encrypted,
        ):
            found.add(encrypted.getpeercert(binary_form=True) or b"")
    return found


def renew(stand: Stand) -> bytes:
    """Put a new pair where the old one is, as cert-manager or a vault operator does."""
    folder, name = stand.site.authority.parent, f"{stand.site.name}-renewed"
    hosts = stand.site.offers.hosts
    certificates.issue(folder, name, hosts, common_name=hosts[0])
    pair = {f"tls.{kind}": (folder / f"{name}.{kind}").read_bytes() for kind in ("crt", "key")}
    data = {key: base64.b64encode(value).decode() for key, value in pair.items()}
    patch = json.dumps({"data": data})
    stand.kubectl("patch", "secret", "tls-certs", f"--namespace={STREAMING}", "--patch", patch)
    return ssl.PEM_cert_to_DER_cert(pair["tls.crt"].decode())


def test_a_renewed_certificate_is_taken_under_load(summit: Stand, report: Report) -> None:
    before = {name: pod["metadata"]["uid"] for name, pod in summit.brokers().items()}
    (old,) = shown(summit)
    with load(summit, "renewed", "--seed=151", "--csc", "Renewed", "--rate=300") as producer:
        time.sleep(5)
        new = renew(summit)
        with report.timed("15", "every broker shows a renewed certificate after", aim=SEEN):
            assert wait_until(lambda: shown(summit) == {new}, SEEN, 5)
        time.sleep(5)
        ledger = producer.stop()
    assert new != old
    after = {name: pod["metadata"]["uid"] for name, pod in summit.brokers().items()}
    assert after == before, "a broker was restarted"
    restarts = [
        each["restartCount"]
        for pod in summit.brokers().values()
        for each in pod["status"]["containerStatuses"]
    ]
    report.add("15", "brokers restarted for it", sum(restarts), aim=0)
    found = kept.check(summit.outside("notebooks"), ledger)
    report.add("15", "acknowledged meanwhile, in Kafka", found.kept, aim=found.acknowledged)
    assert found.complete, "\n".join(found.lines())
