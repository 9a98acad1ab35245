"""Keys of an embedded cluster."""

from pathlib import Path

from cryptography import x509

from devkit import certificates, kubeconfig


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path / "keys")
    keys = list((tmp_path / "keys").glob("*.key"))
    assert {path.name for path in keys} == {"ca.key", "server.key", "admin.key", "accounts.key"}
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}


def test_keys_are_made_once(tmp_path: Path) -> None:
    certificates.ensure(tmp_path)
    before = (tmp_path / "ca.crt").read_bytes()
    certificates.ensure(tmp_path)
    assert (tmp_path / "ca.crt").read_bytes() == before, "a running cluster keeps its clients"


def test_interrupted_making_is_done_again(tmp_path: Path) -> None:
    certificates.ensure(tmp_path)
    (tmp_path / "accounts.key").unlink()
    certificates.ensure(tmp_path)
    assert (tmp_path / "accounts.key").exists()


def test_the_server_certificate_is_the_ca_s_and_names_loopback(tmp_path: Path) -> None:
    certificates.ensure(tmp_path)
    ca, server = (
        x509.load_pem_x509_certificate((tmp_path / name).read_bytes())
        for name in ("ca.crt", "server.crt")
    )
    server.verify_directly_issued_by(ca)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "127.0.0.1" in map(str, names.get_values_for_type(x509.IPAddress))


def test_a_kubeconfig_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path)
    path = tmp_path / "kubeconfig"
    kubeconfig.write(path, "yagan", "https://127.0.0.1:1", tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600, "it holds the administrator's key"
    assert "current-context: yagan" in path.read_text()
