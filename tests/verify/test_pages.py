"""Questions to a web service that answers on loopback with a certificate of its own."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from devkit import certificates
from tests.support.loopback import running
from verify.finding import Finding, exit_code
from verify.handshake import shake
from verify.pages import ask_page

_ANSWERS = {"/ping": HTTPStatus.NO_CONTENT, "/": HTTPStatus.FOUND, "/subjects": HTTPStatus.OK}


class _Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(_ANSWERS.get(self.path, HTTPStatus.NOT_FOUND))
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def _service(pki: Path, hosts: tuple[str, ...], ends: timedelta) -> Iterator[str]:
    certificates.authority(pki, "an authority")
    certificates.issue(pki, "page", hosts, common_name="page", ends=ends)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki / "page.crt", pki / "page.key")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with running(server):
            yield f"localhost:{server.server_address[1]}"


def _ask(
    pki: Path,
    name: str,
    hosts: tuple[str, ...] = ("localhost",),
    ends: timedelta = certificates.LIFE,
    path: str = "",
) -> dict[str, Finding]:
    with _service(pki, hosts, ends) as address:
        findings = ask_page(name, f"https://{address}{path}", pki / "ca.crt")
    return {finding.question: finding for finding in findings}


@pytest.mark.parametrize(
    ("name", "path"), [("influxdbUrl", "/ping"), ("schemaRegistryUrl", "/subjects"), ("a", "/")]
)
def test_each_service_is_asked_where_it_needs_no_login(
    tmp_path: Path, name: str, path: str
) -> None:
    findings = _ask(tmp_path, name)
    assert {finding.state for finding in findings.values()} == {"right"}
    assert findings["answer"].told.startswith(str(_ANSWERS[path].value))
    assert findings["answer"].told.endswith(path)


def test_a_host_that_the_ingress_does_not_know_is_wrong(tmp_path: Path) -> None:
    findings = _ask(tmp_path, "influxdbUrl", path="/elsewhere")
    assert findings["answer"].state == "wrong"
    assert findings["answer"].told.startswith("404 at ")


def test_a_certificate_for_another_host_is_wrong(tmp_path: Path) -> None:
    findings = _ask(tmp_path, "a", hosts=("page.example.org", "*.example.net"))
    assert findings["TLS"].state == "wrong"
    assert findings["names"].told == "has page.example.org, *.example.net; lacks localhost"
    assert "answer" not in findings, "no password may go there"


def test_an_expired_certificate_is_wrong(tmp_path: Path) -> None:
    findings = _ask(tmp_path, "a", ends=timedelta(minutes=-30))
    assert findings["expiry"].state == "wrong"
    assert findings["TLS"].state == "wrong"


def test_days_are_counted_and_few_are_said(tmp_path: Path) -> None:
    told = _ask(tmp_path, "a", ends=timedelta(days=20, hours=1))["expiry"].told
    assert told.startswith("20 days, on ")
    assert told.endswith(", soon")


def test_an_asterisk_stands_for_one_label(tmp_path: Path) -> None:
    with _service(tmp_path, ("localhost", "*.example.org"), certificates.LIFE) as address:
        shown = shake(address, tmp_path / "ca.crt")
    hosts = ("a.example.org", "a.b.example.org", "example.org")
    assert [shown.has(host) for host in hosts] == [True, False, False]


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["right", "right"], 0),
        (["right", "wrong", "unasked"], 1),
        (["right", "unasked"], 2),
        ([], 2),
    ],
)
def test_the_exit_code_says_wrong_before_unasked(states: list[str], code: int) -> None:
    findings = [Finding("a", "b", state, "c") for state in states]  # type: ignore[arg-type]
    assert exit_code(findings) == code
