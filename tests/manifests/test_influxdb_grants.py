"""Users and privileges for the set-up script."""

from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.manifests.influxdb_grants import user_grants


def test_the_administrator_comes_first() -> None:
    users = [InfluxDbUser(name="aaa"), InfluxDbUser(name="admin", admin=True)]
    first = user_grants(users).splitlines()[0]
    assert first == "admin admin", "InfluxDB takes no other statement before it has one"


def test_a_user_is_listed_with_each_of_its_privileges() -> None:
    user = InfluxDbUser(name="chronograf", grants={"efd": "READ", "chronograf": "ALL"})
    assert user_grants([user]) == "chronograf chronograf=ALL efd=READ\n"


def test_a_user_without_privileges_is_listed() -> None:
    assert user_grants([InfluxDbUser(name="nobody")]) == "nobody\n", "its old ones are revoked"
