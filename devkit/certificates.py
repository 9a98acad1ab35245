"""Keys and certificates: an authority in a folder, and what it signs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=3650)
"""Longer than any such cluster is kept, so that none ever fails for a date."""
BEGIN = timedelta(hours=-1)
"""An hour back, for machines whose clock is set while the cluster starts."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

SERVER_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
ADMINISTRATORS = "system:masters"
"""Kubernetes' built-in group with every right."""


def ensure(folder: Path, addresses: Sequence[str]) -> None:
    """Write `ca`, `server`, `admin` (pairs of .crt and .key) and `accounts.key` once.

    They say who may talk to the API server and the etcd of one embedded cluster; `addresses` are
    those at which the two answer.
    """
    if (folder / "accounts.key").exists():  # the last one written
        return
    authority(folder, "efd embedded cluster")
    hosts = [*SERVER_NAMES, *addresses]
    issue(folder, "server", hosts, common_name="kube-apiserver")
    issue(folder, "admin", hosts, common_name="efd-admin", organization=ADMINISTRATORS)
    _write_key(folder / "accounts.key", rsa.generate_private_key(65537, 2048))


def authority(folder: Path, name: str) -> None:
    """Write the pair `ca` of an authority that signs itself."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    certificate = _draft(key, subject, subject).add_extension(constraints, critical=True)
    _write(folder, "ca", certificate.sign(key, hashes.SHA256()), key)


def issue(  # noqa: PLR0913 - what a certificate says
    folder: Path,
    file: str,
    hosts: Sequence[str],
    *,
    common_name: str,
    organization: str = "",
    begins: timedelta = BEGIN,
    ends: timedelta = LIFE,
) -> None:
    """Write the pair `file`, for host names and addresses, signed by the folder's authority.

    It is valid from `begins` to `ends`, counted from now.
    """
    issuer = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    issuer_key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder / 'ca.key'} is no key that this module wrote")
    key = ec.generate_private_key(ec.SECP256R1())
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    names = x509.SubjectAlternativeName([_host(host) for host in hosts])
    certificate = (
        _draft(key, _name(common_name, organization), issuer.subject, begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    )
    _write(folder, file, certificate.sign(issuer_key, hashes.SHA256()), key)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common_name: str, organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(parts)


def _draft(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    issuer: x509.Name,
    begins: timedelta = BEGIN,
    ends: timedelta = LIFE,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )


def _write(folder: Path, name: str, certificate: x509.Certificate, key: Key) -> None:
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    _write_key(folder / f"{name}.key", key)


def _write_key(path: Path, key: Key) -> None:
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    draft.replace(path)
