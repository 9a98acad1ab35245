"""What the command about names finds in a zone of Route 53 (moto's, on loopback), and writes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from names.__main__ import main
from tests.support.full_site import changed, full_site, named, without
from tests.support.tls_store import KEYS, TlsStore

HOSTS = {
    f"{name}.example.org"
    for name in (
        *("chronograf", "influxdb", "registry"),
        *("kafka", "kafka-0", "kafka-1", "kafka-2", "kafka-3"),
    )
}
Ask = Callable[..., tuple[int, dict[str, tuple[str, str]]]]


@pytest.fixture
def route53(store: TlsStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return Amazon's own client, with the environment in which the command finds the server."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_ROUTE_53", store.endpoint)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(store.authority))
    return boto3.client("route53", region_name="us-east-1")


@pytest.fixture
def zone(route53: Any, request: pytest.FixtureRequest) -> str:
    made = route53.create_hosted_zone(Name="example.org", CallerReference=request.node.name)
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


@pytest.fixture
def site(zone: str) -> dict[str, Any]:
    return changed(named(full_site()), "dns.zoneId", zone)


def _write(folder: Path, site: dict[str, Any]) -> None:
    text = yaml.safe_dump({"config": {"efd:site": site}})
    (folder / "Pulumi.full.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def ask(tmp_path: Path, site: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what calls the command, and gives its exit code and each name's state and words."""
    _write(tmp_path, site)

    def command(what: str) -> tuple[int, dict[str, tuple[str, str]]]:
        code = main([what, "--site", "full", "--sites", str(tmp_path), "--json"])
        found = json.loads(capsys.readouterr().out)
        return code, {each["subject"]: (each["state"], each["told"]) for each in found}

    return command


def _upsert(route53: Any, zone: str, host: str, kind: str, *values: str, ttl: int = 310) -> None:
    records = [{"Value": value} for value in values]
    record = {"Name": host, "Type": kind, "TTL": ttl, "ResourceRecords": records}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _held(route53: Any, zone: str) -> dict[tuple[str, str], list[str]]:
    answer = route53.list_resource_record_sets(HostedZoneId=zone)
    return {
        (each["Name"].rstrip("."), each["Type"]): [v["Value"] for v in each["ResourceRecords"]]
        for each in answer["ResourceRecordSets"]
        if each["Type"] not in ("NS", "SOA")
    }


def test_an_empty_zone_lacks_every_name(ask: Ask, route53: Any, zone: str) -> None:
    code, found = ask("check")
    assert code == 1
    assert set(found) == HOSTS
    assert found["influxdb.example.org"] == ("wrong", "nothing; must be A 192.0.2.51, TTL 310")
    assert _held(route53, zone) == {}, "to look changes nothing"


def test_what_is_written_is_right_and_stays_so(ask: Ask, route53: Any, zone: str) -> None:
    code, found = ask("write")
    assert code == 0
    assert found["kafka.example.org"] == (
        "right",
        "was nothing; written: A 192.0.2.52, 192.0.2.53, TTL 310",
    )
    held = _held(route53, zone)
    assert set(held) == {(host, "A") for host in HOSTS}
    assert held["chronograf.example.org", "A"] == ["192.0.2.51"]
    code, found = ask("check")
    assert code == 0
    assert found["kafka.example.org"] == ("right", "A 192.0.2.52, 192.0.2.53, TTL 310")


@pytest.mark.parametrize(("values", "ttl"), [(("192.0.2.99",), 310), (("192.0.2.51",), 60)])
def test_a_record_that_differs_is_told_and_mended(
    ask: Ask, route53: Any, zone: str, values: tuple[str, ...], ttl: int
) -> None:
    ask("write")
    _upsert(route53, zone, "influxdb.example.org", "A", *values, ttl=ttl)
    was = f"A {values[0]}, TTL {ttl}"
    code, found = ask("check")
    assert code == 1
    assert found["influxdb.example.org"][1] == f"{was}; must be A 192.0.2.51, TTL 310"
    assert {host for host, (state, _) in found.items() if state == "wrong"} == {
        "influxdb.example.org"
    }
    code, found = ask("write")
    assert code == 0
    assert found["influxdb.example.org"][1] == f"was {was}; written: A 192.0.2.51, TTL 310"


def test_records_of_others_are_left_as_they_are(ask: Ask, route53: Any, zone: str) -> None:
    others = {
        ("kafdrop.example.org", "A"): ["192.0.2.200"],  # the site's, but left out
        ("influxdb-other.example.org", "A"): ["192.0.2.201"],
        ("influxdb.example.org", "TXT"): ['"whose"'],
    }
    for (host, kind), values in others.items():
        _upsert(route53, zone, host, kind, *values)
    code, _ = ask("write")
    assert code == 0
    held = _held(route53, zone)
    assert {key: held[key] for key in others} == others


def test_a_record_of_another_type_is_told_and_not_removed(
    ask: Ask, route53: Any, zone: str
) -> None:
    _upsert(route53, zone, "influxdb.example.org", "CNAME", "old.example.net")
    code, found = ask("write")
    assert code == 1
    assert found["influxdb.example.org"] == (
        "wrong",
        (
            "CNAME old.example.net, TTL 310; must be A 192.0.2.51, TTL 310 alone: "
            "remove the other by hand"
        ),
    )
    assert _held(route53, zone)["influxdb.example.org", "CNAME"] == ["old.example.net"]


def test_people_get_a_table(ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask("write")
    assert main(["check", "--site", "full", "--sites", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert f"{len(HOSTS)} questions: 0 wrong, 0 not asked" in said


def test_another_zone_than_the_site_means_is_not_touched(
    route53: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    made = route53.create_hosted_zone(Name="example.net", CallerReference=request.node.name)
    zone = str(made["HostedZone"]["Id"]).rpartition("/")[2]
    _write(tmp_path, changed(named(full_site()), "dns.zoneId", zone))
    assert main(["write", "--site", "full", "--sites", str(tmp_path)]) == 2
    assert f"{zone} is the zone example.net, not example.org" in capsys.readouterr().err
    assert _held(route53, zone) == {}


@pytest.mark.parametrize(
    ("site", "told"),
    [
        (full_site(), "site full has no section dns: somebody else makes its names"),
        (named(full_site()), "NoSuchHostedZone"),
        (without(named(full_site()), "dns.ingress"), "dns.ingress: given nothing"),
    ],
)
def test_what_cannot_be_asked_is_told(
    route53: Any,
    site: dict[str, Any],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert route53, "the server is there"
    _write(tmp_path, site)
    assert main(["check", "--site", "full", "--sites", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


def test_a_server_that_is_away_is_told(
    route53: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert route53
    monkeypatch.setenv("AWS_ENDPOINT_URL_ROUTE_53", "https://localhost:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    _write(tmp_path, named(full_site()))
    assert main(["check", "--site", "full", "--sites", str(tmp_path)]) == 2
    assert "Route 53 does not answer" in capsys.readouterr().err


def test_a_site_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--site", "gone", "--sites", str(tmp_path)]) == 2
    assert "there is no file Pulumi.gone.yaml in" in capsys.readouterr().err
