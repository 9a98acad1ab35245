"""A TLS handshake as a client's, and the certificate that was shown."""

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from efd_infra.config.signals import CERTIFICATE_SOON
from verify.finding import Finding

TIMEOUT = 10
"""Seconds to wait for an answer."""
REACH = "reach"
"""The question that an address has failed where no other could be asked."""
SOON = CERTIFICATE_SOON
"""Days before the end that monitoring warns at; shown, and no mistake by itself."""


@dataclass(frozen=True)
class Shown:
    """A server's certificate."""

    names: tuple[str, ...]
    until: datetime
    refusal: str
    """Why a client does not trust it; empty where it does."""

    @property
    def days(self) -> int:
        """Whole days until it expires."""
        return (self.until - datetime.now(UTC)).days

    def has(self, host: str) -> bool:
        """Whether it is for a host; an asterisk stands for one label."""
        parent = host.partition(".")[2]
        return any(name.lower() in {host, f"*.{parent}"} for name in self.names)


def split(address: str) -> tuple[str, int]:
    """Return host and port."""
    host, _, port = address.rpartition(":")
    return host, int(port)


def shake(address: str, authority: Path | None) -> Shown:
    """Return the certificate at `host:port`, and whether a client takes it for that host.

    Raises `OSError` where nobody answers in TLS.
    """
    host, port = split(address)
    trusting = ssl.create_default_context(cafile=authority)
    try:
        return _shown(host, port, trusting, "")
    except ssl.SSLCertVerificationError as error:
        refusal = error.verify_message
    # The same again without a question, to tell what it is that is not trusted.
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    return _shown(host, port, blind, refusal)


def ask(address: str, hosts: set[str], authority: Path | None) -> list[Finding]:
    """Shake hands at an address, whose certificate must be for each of `hosts`."""
    try:
        shown = shake(address, authority)
    except OSError as error:
        return [Finding(address, REACH, "wrong", f"nobody answers: {_reason(error)}")]
    tls = Finding(address, "TLS", "right", "trusted for this name")
    if shown.refusal:
        tls = Finding(address, "TLS", "wrong", f"a client refuses it: {shown.refusal}")
    missing = sorted(host for host in hosts if not shown.has(host))
    told = f"has {', '.join(shown.names) or 'no name'}"
    names = Finding(address, "names", "right", told)
    if missing:
        names = Finding(address, "names", "wrong", f"{told}; lacks {', '.join(missing)}")
    return [tls, names, _expiry(address, shown)]


def _expiry(address: str, shown: Shown) -> Finding:
    day = f"{shown.until:%Y-%m-%d}"
    if shown.until <= datetime.now(UTC):
        return Finding(address, "expiry", "wrong", f"expired on {day}")
    soon = ", soon" if shown.days < SOON else ""
    return Finding(address, "expiry", "right", f"{shown.days} days, on {day}{soon}")


def _shown(host: str, port: int, context: ssl.SSLContext, refusal: str) -> Shown:
    with (
        socket.create_connection((host, port), TIMEOUT) as raw,
        context.wrap_socket(raw, server_hostname=host) as tls,
    ):
        certificate = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"")
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = [
            *extension.value.get_values_for_type(x509.DNSName),
            *map(str, extension.value.get_values_for_type(x509.IPAddress)),
        ]
    except x509.ExtensionNotFound:
        names = []
    return Shown(tuple(names), certificate.not_valid_after_utc, refusal)


def _reason(error: OSError) -> str:
    return str(error.strerror or error) or type(error).__name__
