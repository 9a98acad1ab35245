"""The statements of the runbooks of alerts, by the page's own words, given to a real InfluxDB.

There are no containers: what stands for ``kubectl`` hands out the password and runs the rest here.
"""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from efd_infra.config.influxdb_user import influxdb_users
from efd_infra.manifests.alerts.rules import alert_rules
from pages.catalogue import EXAMPLES
from pages.published_site import published_sites
from pages.runbooks import compared, runbooks
from rendering.engine import ROOT
from tests.support.influx_server import influx_server

pytestmark = pytest.mark.engine

(EVERYTHING,) = published_sites(ROOT / EXAMPLES, ROOT)
PAGE = ROOT / "docs" / "runbooks" / "alerts.md"
STATEMENTS = {
    shlex.split(command)[1]: name
    for name, book in runbooks().items()
    for command in book.commands
    if command.startswith("influx ")
} | {compared(rule): rule.name for rule in alert_rules(EVERYTHING.site)}

_KUBECTL = """#!/bin/sh
case " $* " in
*" get secrets "*) printf %s '{password}' | base64 ;;
*) while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;
esac
"""

Ask = Callable[[str], str]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The page's function, at a server with the databases and users of the site."""
    folder = tmp_path_factory.mktemp("runbooks")
    section = EVERYTHING.site.timeseries.influxdb
    with influx_server(folder / "server", section) as server:
        ready = server.set_up([*influxdb_users(EVERYTHING.site).values()], section.databases)
        assert ready.returncode == 0, ready.stdout + ready.stderr
        where = urlsplit(server.url)
        programs = folder / "bin"
        programs.mkdir()
        client = f'exec {server.program("influx")} -host {where.hostname} -port {where.port} "$@"'
        _script(programs / "influx", f"#!/bin/sh\n{client}\n")
        _script(programs / "kubectl", _KUBECTL.format(password=server.password("admin")))
        (functions,) = re.findall(r"```sh\n(kafka\(\).*?)```", PAGE.read_text(), re.DOTALL)

        def given(statement: str) -> str:
            done = subprocess.run(  # noqa: S603 -- the page's own words
                ["/bin/bash", "-c", f"{functions}\ninflux {shlex.quote(statement)}"],
                env={"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert "ERR" not in done.stdout + done.stderr, done.stdout
            return done.stdout

        yield given


def _script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_it_logs_in_as_the_administrator(ask: Ask) -> None:
    users = {tuple(line.split()) for line in ask("SHOW USERS").splitlines()}
    assert ("admin", "true") in users, "nobody else may ask that"


@pytest.mark.parametrize(("statement", "alert"), STATEMENTS.items())
def test_the_server_takes_a_statement(ask: Ask, statement: str, alert: str) -> None:
    assert "error" not in ask(statement).lower(), alert
