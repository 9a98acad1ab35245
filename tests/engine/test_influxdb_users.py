"""InfluxDB's users on a real server: what each may do, and how rights and passwords change."""

from collections.abc import Iterator
from itertools import product

import pytest
import requests

from devkit.errors import DevkitError
from efd_infra.config.influxdb_user import InfluxDbUser, influxdb_users
from efd_infra.config.parsing import parse_site
from tests.support.full_site import full_site
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.influx_setup import changed, names

pytestmark = pytest.mark.engine

SITE = parse_site(full_site())
USERS = tuple(influxdb_users(SITE).values())
DATABASES = SITE.timeseries.influxdb.databases
_STATEMENTS = {
    "read": "SELECT f FROM m",
    "administrate": 'ALTER RETENTION POLICY "autogen" ON "{database}" REPLICATION 1',
}
_REFUSALS = ("not authorized", "requires admin privilege")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    """A server with a site's databases and users, and a database that is not the site's."""
    folder = tmp_path_factory.mktemp("influxdb")
    with influx_server(folder, SITE.timeseries.influxdb) as running:
        done = running.set_up(USERS, DATABASES)
        assert done.returncode == 0, done.stderr
        list(running.influx().query('CREATE DATABASE "foreign"'))
        yield running


def _allowed(user: InfluxDbUser, database: str, operation: str) -> bool:
    privilege = "ALL" if user.admin else user.grants.get(database)
    return {
        "read": privilege in ("READ", "ALL"),
        "write": privilege in ("WRITE", "ALL"),
        "administrate": user.admin,
    }[operation]


def _attempt(server: InfluxServer, user: InfluxDbUser, database: str, operation: str) -> bool:
    """Return whether a user may do something."""
    if operation == "write":
        with requests.Session() as session:
            session.trust_env = False
            session.auth = server.web(user.name).credentials
            answer = session.post(
                f"{server.url}/write", params={"db": database}, data="m f=1i", timeout=30
            )
        assert answer.status_code in (requests.codes.no_content, requests.codes.forbidden)
        return bool(answer.status_code == requests.codes.no_content)
    statement = _STATEMENTS[operation].format(database=database)
    try:
        list(server.influx(database, user=user.name).query(statement))
    except DevkitError as error:
        if not any(reason in str(error) for reason in _REFUSALS):
            raise
        return False
    return True


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
def test_a_user_may_do_its_own_work_and_no_other(server: InfluxServer, user: InfluxDbUser) -> None:
    places = [*(database.name for database in DATABASES), "foreign"]
    cases = list(product(places, ("read", "write", "administrate")))
    found = {case: _attempt(server, user, *case) for case in cases}
    assert found == {case: _allowed(user, *case) for case in cases}


def test_passwords_are_renewed_also_the_administrator_s(server: InfluxServer) -> None:
    done = server.set_up(USERS, DATABASES, admin="another 'one\\", efdreader="again, another")
    assert changed(done) == [
        "set the password of admin",
        "set the password of efdreader",
    ]
    for user in ("admin", "efdreader"):
        with pytest.raises(DevkitError, match="authorization failed"):
            list(server.influx(user=user).query("SHOW DATABASES"))
    assert server.set_up(USERS, DATABASES).returncode == 0
    assert list(server.influx(user="efdreader").query("SHOW DATABASES"))


def test_a_user_without_its_service_is_removed_and_rights_beyond_the_site_s_are_revoked(
    server: InfluxServer,
) -> None:
    fewer = [user for user in USERS if user.name != "kapacitor"]
    list(server.influx().query('GRANT ALL ON "efd" TO "efdreader"'))
    list(server.influx().query('GRANT ALL ON "telegraf" TO "efdreader"'))
    list(server.influx().query('GRANT ALL PRIVILEGES TO "efdwriter"'))
    done = server.set_up(fewer, DATABASES)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) >= {
        "remove user kapacitor, whose service is gone",
        "make efdwriter no administrator",
        "revoke ALL on telegraf from efdreader",
        "grant READ on efd to efdreader",
    }
    assert "kapacitor" not in names(server, "USERS")
    reader = next(user for user in USERS if user.name == "efdreader")
    assert not _attempt(server, reader, "efd", "write")
    assert not _attempt(server, reader, "telegraf", "read")
    assert server.set_up(USERS, DATABASES).returncode == 0


def test_a_database_that_somebody_dropped_is_made_again_with_its_rights(
    server: InfluxServer,
) -> None:
    list(server.influx().query('DROP DATABASE "chronograf"'))
    done = server.set_up(USERS, DATABASES)
    assert done.returncode == 0, done.stderr
    assert "make database chronograf" in done.stdout
    chronograf = next(user for user in USERS if user.name == "chronograf")
    assert _attempt(server, chronograf, "chronograf", "write")
