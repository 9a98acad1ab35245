"""Debezium's sink on a real worker, with the program's rights, and the database that it fills.

Records are JSON with a schema in each: here no Avro is needed. All other settings, and the
certificate that the server must show, are the program's.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import Producer

from devkit import images
from devkit.images import debezium
from devkit.workspace import Workspace
from efd_infra.config.archive import DatabaseSinkSection
from efd_infra.config.identifier import Identifier
from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Hostname, Name, Quantity
from efd_infra.manifests.connect import SECRETS_DIR
from efd_infra.manifests.connectors import error_settings
from efd_infra.manifests.jdbc_sink import DATABASE_USER, jdbc_sink_settings
from efd_infra.manifests.kafka_users import user_rules
from efd_infra.manifests.service_users import CONNECT, service_users
from tests.support.aggregate_records import Aggregates
from tests.support.connect_worker import Worker, worker
from tests.support.full_site import changed, full_site
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Java, broker, wait
from tests.support.postgresql_server import DATABASE, HOST, PASSWORD, USER, PostgreSql

NAME = Name("consolidated-database")
RUNNING = ["RUNNING", "RUNNING"]
_ANYWHERE = Hostname("database.example.org")


@dataclass(frozen=True)
class Archive:
    """The database, and what writes to it."""

    server: PostgreSql
    bootstrap: str
    worker: Worker

    def send(self, aggregates: Aggregates, *records: str) -> None:
        """Send records to their topic."""
        producer = Producer({"bootstrap.servers": self.bootstrap})
        for record in records:
            producer.produce(aggregates.topic, record)
        assert producer.flush(30) == 0

    def begin(self) -> None:
        """Make the connector, and wait until it runs."""
        self.worker.ask(
            "PUT", f"/connectors/{NAME}/config", sink_settings(self.server, self.worker)
        )
        wait(lambda: self.states == RUNNING, "a running connector")

    @property
    def states(self) -> list[str]:
        """Of the connector and its task."""
        return self.worker.states(NAME)

    def restart_failed(self) -> None:
        """As the manager does, with pauses that grow."""
        if "FAILED" in self.states:
            self.worker.ask("POST", f"/connectors/{NAME}/restart?includeTasks=true&onlyFailed=true")

    def rows(self, table: str, *columns: str) -> list[tuple[str, ...]]:
        """Return a table's rows, the oldest window first; none where there is no such table."""
        statement = f"SELECT {', '.join(columns)} FROM {table} ORDER BY time"  # noqa: S608 -- ours
        if self.server.query(f"SELECT to_regclass('{table}') AS t") == [{"t": "NULL"}]:
            return []
        return [tuple(row.values()) for row in self.server.query(statement)]

    def waits_for(self, table: str, count: int, *columns: str) -> list[tuple[str, ...]]:
        """Return the rows of a table once there are so many; what has failed is restarted."""

        def there() -> bool:
            self.restart_failed()
            return len(self.rows(table, "time")) >= count

        wait(there, f"{count} rows")
        return self.rows(table, *columns)


def _rules() -> list[str]:
    """Return what the workers of a site with this sink may do, and no more."""
    site = changed(full_site(), "archive.database.name", str(NAME))
    parsed = parse_site(changed(site, "archive.database.topics", r"lsst\.sal\..*"))
    (user,) = [each.user for each in service_users(parsed) if each.user.name == CONNECT]
    return user_rules([user]).splitlines()


def sink_settings(server: PostgreSql, here: Worker) -> dict[str, Any]:
    section = DatabaseSinkSection(
        name=NAME,
        host=_ANYWHERE,
        port=server.port,
        database=Identifier(DATABASE),
        secret=Name("outside"),
        private_ca=True,
    )
    text = jdbc_sink_settings(section).replace(SECRETS_DIR, str(here.secrets))
    text = text.replace(_ANYWHERE, HOST)
    added = json.loads(error_settings(section, replication_factor=1))
    converter = {
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter.schemas.enable": "true",
    }
    settings = {**json.loads(text), **added, **converter}
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in settings.items()}


@contextmanager
def jdbc_archive(folder: Path, server: PostgreSql) -> Iterator[Archive]:
    """Run a broker and a worker; whoever uses it sends the first records, and begins."""
    java = Java(folder, kafka_libs())
    plugins = images.unpacked(Workspace.from_environment().cache, debezium.PLUGIN)
    with (
        broker(java, CONNECT, _rules()) as kafka,
        worker(java, kafka.login, Quantity("1Mi"), plugins / "plugins") as here,
    ):
        secrets = here.secrets / DATABASE_USER
        secrets.mkdir()
        for key, value in {
            "username": USER,
            "password": PASSWORD,
            "ca.crt": server.authority,
        }.items():
            (secrets / key).write_text(value)
        yield Archive(server, kafka.bootstrap, here)
