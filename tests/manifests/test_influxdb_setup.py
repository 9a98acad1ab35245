"""What the program that sets InfluxDB up is told."""

import json
from typing import Any

from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import SERVICE_USERS, InfluxDbUser, influxdb_users
from efd_infra.config.parsing import parse_site
from efd_infra.config.timeseries import DatabaseSection, RetentionPolicy, Shard
from efd_infra.config.values import Keep
from efd_infra.manifests.influxdb_setup import setup_settings
from tests.support.full_site import full_site


def _policy(**values: str) -> dict[str, Any]:
    """Return what the program is told of a policy that a site file describes so."""
    policy = RetentionPolicy.model_validate_json(json.dumps({"name": "autogen", **values}))
    (database,) = json.loads(
        setup_settings([DatabaseSection(name=Identifier("efd"), retention=(policy,))], [])
    )["databases"]
    assert database["name"] == "efd"
    (told,) = database["policies"]
    assert isinstance(told, dict)
    return told


def test_lengths_are_in_seconds() -> None:
    told = {"name": "autogen", "keep": 2_592_000, "shard": 86_400, "shortenedFrom": None}
    assert _policy(keep="30d") == told


def test_for_ever_is_no_length() -> None:
    assert _policy(keep="forever")["keep"] == 0
    assert _policy(keep="30d", shortenedFrom="forever")["shortenedFrom"] == 0


def test_a_site_may_choose_the_shards_and_say_what_it_shortens() -> None:
    told = _policy(keep="30d", shard="2d", shortenedFrom="13w")
    assert told["shard"] == 2 * 86_400
    assert told["shortenedFrom"] == 91 * 86_400


def test_shards_follow_the_rule_of_influxdb() -> None:
    shards = {
        keep: RetentionPolicy(name=Identifier("autogen"), keep=Keep(keep)).shard_duration
        for keep in ("47h", "2d", "179d", "180d", "forever")
    }
    assert shards == {"47h": "1h", "2d": "1d", "179d": "1d", "180d": "7d", "forever": "7d"}
    assert RetentionPolicy(
        name=Identifier("a"), keep=Keep("30d"), shard=Shard("3d")
    ).shard_duration == Shard("3d")


def test_users_are_listed_with_their_privileges() -> None:
    users = [
        InfluxDbUser(name="reader", grants={"efd": "READ", "chronograf": "ALL"}),
        InfluxDbUser(name="admin", admin=True),
    ]
    assert json.loads(setup_settings([], users))["users"] == [
        {"name": "admin", "admin": True, "grants": {}},
        {"name": "reader", "admin": False, "grants": {"chronograf": "ALL", "efd": "READ"}},
    ]


def test_every_user_of_a_service_is_known_so_that_it_can_be_removed_without_it() -> None:
    assert json.loads(setup_settings([], []))["services"] == list(SERVICE_USERS)
    assert tuple(sorted(influxdb_users(parse_site(full_site())))) == SERVICE_USERS


def test_the_readers_of_the_efd_read_its_aggregates() -> None:
    reader = influxdb_users(parse_site(full_site()))["efdreader"]
    assert reader.grants == {"efd": "READ", "archive": "READ"}, "the full site has them there"
    plain = full_site()
    del plain["streaming"]["connectors"][2]
    assert influxdb_users(parse_site(plain))["efdreader"].grants == {"efd": "READ"}
