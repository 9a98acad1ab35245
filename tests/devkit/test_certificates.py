"""Keys of an embedded cluster."""

import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509

from devkit import certificates, kubeconfig

LOOPBACK = ["127.0.0.1"]


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path / "keys", LOOPBACK)
    keys = list((tmp_path / "keys").glob("*.key"))
    assert {path.name for path in keys} == {"ca.key", "server.key", "admin.key", "accounts.key"}
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}


def test_keys_are_made_once(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, LOOPBACK)
    before = (tmp_path / "ca.crt").read_bytes()
    certificates.ensure(tmp_path, LOOPBACK)
    assert (tmp_path / "ca.crt").read_bytes() == before, "a running cluster keeps its clients"


def test_interrupted_making_is_done_again(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, LOOPBACK)
    (tmp_path / "accounts.key").unlink()
    certificates.ensure(tmp_path, LOOPBACK)
    assert (tmp_path / "accounts.key").exists()


def test_the_server_certificate_is_the_ca_s_and_names_its_addresses(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, LOOPBACK)
    ca, server = (
        x509.load_pem_x509_certificate((tmp_path / name).read_bytes())
        for name in ("ca.crt", "server.crt")
    )
    server.verify_directly_issued_by(ca)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "127.0.0.1" in map(str, names.get_values_for_type(x509.IPAddress))


def test_a_kubeconfig_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, LOOPBACK)
    path = tmp_path / "kubeconfig"
    kubeconfig.write(path, "yagan", "https://127.0.0.1:1", tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600, "it holds the administrator's key"
    assert "current-context: yagan" in path.read_text()


def test_a_certificate_names_hosts_and_addresses(tmp_path: Path) -> None:
    certificates.authority(tmp_path, "test authority")
    certificates.issue(tmp_path, "site", ["kafka.test", "10.0.0.1"], common_name="kafka.test")
    site = x509.load_pem_x509_certificate((tmp_path / "site.crt").read_bytes())
    names = site.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kafka.test"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.1"]
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.draft")) == []


@pytest.mark.parametrize("host", ["kafka.test", "10.0.0.1"])
def test_a_client_that_trusts_the_authority_talks_to_a_named_host(
    tmp_path: Path, host: str
) -> None:
    certificates.authority(tmp_path, "test authority")
    certificates.issue(tmp_path, "site", ["kafka.test", "10.0.0.1"], common_name="kafka.test")
    assert handshake(tmp_path, tmp_path / "ca.crt", host) == "TLSv1.3"


def test_a_client_refuses_another_name_and_another_authority(tmp_path: Path) -> None:
    certificates.authority(tmp_path, "test authority")
    certificates.authority(tmp_path / "other", "test authority")
    certificates.issue(tmp_path, "site", ["kafka.test"], common_name="kafka.test")
    with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for 'influxdb\.test'"):
        handshake(tmp_path, tmp_path / "ca.crt", "influxdb.test")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, tmp_path / "other" / "ca.crt", "kafka.test")


def handshake(folder: Path, trusted: Path, host: str) -> str | None:
    """Let a client meet a server with the pair `site`, in memory; the version of TLS."""
    as_server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    as_server.load_cert_chain(folder / "site.crt", folder / "site.key")
    as_client = ssl.create_default_context(cafile=trusted)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = as_server.wrap_bio(to_server, to_client, server_side=True)
    client = as_client.wrap_bio(to_client, to_server, server_hostname=host)
    for side in (client, server, client, server):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return client.version()
