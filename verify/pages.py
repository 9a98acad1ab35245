"""Whether the web services answer at their public addresses."""

from pathlib import Path
from urllib.parse import urlsplit

import requests

from verify.finding import Finding, State
from verify.handshake import TIMEOUT, ask

_PATHS = {"influxdbUrl": "/ping", "schemaRegistryUrl": "/subjects"}
"""Where each answers without a login; a page does at its root, if only with the way to one."""
_FAILED = 400


def ask_page(name: str, url: str, authority: Path | None) -> list[Finding]:
    """Shake hands with a page's host, and ask it."""
    parts = urlsplit(url)
    host = str(parts.hostname)
    shaken = ask(f"{host}:{parts.port or 443}", {host}, authority)
    if any(finding.state == "wrong" for finding in shaken):
        return shaken
    path = f"{url}{_PATHS.get(name, '/')}"
    try:
        answer = requests.get(
            path,
            timeout=TIMEOUT,
            allow_redirects=False,
            verify=str(authority) if authority else True,
        )
    except requests.RequestException as error:
        return [*shaken, Finding(url, "answer", "wrong", f"{path}: {type(error).__name__}")]
    state: State = "wrong" if answer.status_code >= _FAILED else "right"
    return [*shaken, Finding(url, "answer", state, f"{answer.status_code} at {path}")]
