"""Each named value type: what it accepts, and the one sentence with which it refuses."""

import pytest
from pydantic import TypeAdapter, ValidationError

from efd_infra.config import backup, cloud, daytime, dns, identifier, timeseries, values
from efd_infra.config.values import PatternedText


def _types() -> list[type[PatternedText]]:
    """Return every value type there is."""
    found: list[type[PatternedText]] = []
    waiting = PatternedText.__subclasses__()
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return sorted(found, key=lambda kind: kind.__name__)


_ACCEPTED = {
    dns.DnsTarget: ["192.0.2.10", "balancer.example.org"],
    dns.ZoneId: ["Z0EXAMPLE", "Z" * 32],
    backup.StoreUrl: ["https://s3.us-west-2.amazonaws.com", "https://store:9000"],
    backup.BucketName: ["efd-backup", "a.b"],
    backup.KeyPrefix: ["efd", "efd/base_2"],
    backup.Region: ["us-west-2", "default"],
    cloud.ProjectId: ["efd-sandbox-1", "abcdef"],
    cloud.CloudZone: ["us-central1-b", "southamerica-west1-a"],
    cloud.CloudLabel: ["a", "0_b-c", "a" * 63],
    cloud.ManagedZone: ["a", "efd-sandboxes", "a" * 63],
    cloud.EndTime: ["2026-05-01T18:00:00Z", "2028-02-29T23:59:59Z"],
    daytime.TimeZone: ["UTC", "America/Santiago"],
    daytime.ClockTime: ["00:00", "09:30", "23:59"],
    values.Name: ["a", "summit", "local-path", "a" * 63],
    values.Alias: ["summit_efd", "ldf2"],
    values.Hostname: ["chronograf-summit-efd.lsst.codes", "a.b2", "kafka.efd.localhost"],
    values.HostPattern: ["kafka-{broker}.example.org", "kafka.example.org"],
    values.IpAddress: ["192.0.2.10", "0.0.0.0", "255.255.255.255"],  # noqa: S104 -- a word
    values.HostPort: ["kafka-0-summit-efd.lsst.codes:31090", "a.example.org:80"],
    values.Quantity: ["1Ki", "512Mi", "15Gi", "3Ti"],
    values.Rate: ["500kB/s", "10MB/s", "1GB/s"],
    values.Cpu: ["4", "500m"],
    values.Duration: ["60s", "15m", "72h", "30d", "52w"],
    values.Delay: ["100ms", "1s"],
    values.Keep: ["24h", "30d", "52w", "forever"],
    daytime.ClockTime: ["00:00", "09:30", "23:59"],
    daytime.TimeZone: ["UTC", "America/Santiago", "Etc/GMT+4"],
    timeseries.Shard: ["1h", "7d", "1w"],
    values.Image: [
        "apache/kafka:4.3.1",
        "registry.example.org:5000/a/b:v1",
        "a:1@sha256:" + "0" * 64,
        "a:mainline-1.0",
    ],
    values.Url: ["https://example.org/a.jar", "http://mirror.local:8080/a"],
    values.KafkaRelease: ["3.3", "4.0", "4.3", "5.10"],
    values.Sha256: ["0123456789abcdef" * 4],
    values.SourceRange: ["139.229.160.0/19", "192.0.2.1/32", "0.0.0.0/0"],
    values.TopicPattern: [r"lsst\.sal\..*", "_schemas", "a|b"],
    identifier.Identifier: ["efd", "_internal", "efd_2"],
    identifier.FieldName: ["private_efdStamp", "Time"],
    identifier.LabelKey: ["kafka", "kubernetes.io/hostname", "node.example.org/Role_a"],
    identifier.LabelValue: ["", "ok", "a.b-c_D"],
    identifier.Organization: ["lsst-sqre", "LSST"],
    identifier.UserName: ["a", "sal-producer", "a" * 40],
    identifier.Prefix: ["lsst.sal.", "_schemas", "A-b"],
    identifier.MailAddress: ["a@b.org", "efd-oncall+x@mail.example.org"],
    identifier.SlackChannel: ["#efd-alerts", "C0123456789"],
}

_REFUSED = {
    dns.DnsTarget: ["", "192.0.2.300", "::1", "https://a.example.org", "balancer"],
    dns.ZoneId: ["", "/hostedzone/Z0EXAMPLE", "z0example", "Z" * 33],
    backup.StoreUrl: ["", "http://store", "https://store/bucket", "store:9000", "https://a b"],
    backup.BucketName: ["", "ab", "Efd-backup", "-efd", "efd_backup"],
    backup.KeyPrefix: ["", "/efd", "efd/", "a//b", "../a"],
    backup.Region: ["", "US", "us--west"],
    cloud.ProjectId: ["", "short", "1abcdef", "Abcdef", "abcdef-", "a" * 31],
    cloud.CloudZone: ["", "us-central1", "us-central1-B", "b"],
    cloud.CloudLabel: ["", "-a", "A", "a b", "a.b", "a" * 64],
    cloud.ManagedZone: ["", "1a", "A", "a.org", "a-", "a" * 64],
    cloud.EndTime: ["", "2026-05-01", "2026-05-01T18:00:00", "2026-13-01T18:00:00Z"],
    daytime.TimeZone: ["", "America/Atlantis", "-04:00"],
    daytime.ClockTime: ["", "9:30", "24:00"],
    values.Name: ["", "A", "a_b", "-a", "a-", "a.b", "a" * 64, "a\n"],
    values.Alias: ["", "Summit", "summit-efd", "1a"],
    values.Hostname: [
        "",
        "localhost",
        "https://a.example.org",
        "a.example.org:443",
        "a.example.org/",
        "A.example.org",
        "a..org",
        "-a.org",
        "10.0.0.1",
    ],
    values.HostPattern: ["kafka-{node}.example.org", "kafka-{}.example.org", "{broker}"],
    values.IpAddress: ["", "192.0.2", "192.0.2.256", "192.0.2.10.", "01.2.3.4", "::1", "host"],
    values.HostPort: ["kafka.example.org", "kafka.example.org:0", "a.b:70000", "-.:9092"],
    values.Quantity: ["", "15", "15GB", "15G", "1.5Gi", "0Gi", "15 Gi", "-1Gi"],
    values.Rate: ["", "10", "10MB", "10Mi/s", "10Mb/s", "0MB/s", "1.5MB/s"],
    values.Cpu: ["", "0", "1.5", "500M", "0m"],
    values.Duration: ["", "72", "72 h", "0h", "1.5h", "1y", "500ms", "forever"],
    values.Delay: ["", "1m", "0ms", "100"],
    values.Keep: ["", "30", "60m", "infinite", "INF", "0d"],
    daytime.ClockTime: ["", "9:00", "24:00", "12:60", "noon", "09:30:00"],
    daytime.TimeZone: ["", "Chile/Nowhere", "America/Atlantis", "-04:00", "../etc/passwd"],
    timeseries.Shard: ["", "30m", "forever"],
    values.Image: [
        "",
        "apache/kafka",
        "apache/kafka:latest",
        "apache/kafka:master",
        "apache/kafka:main",
        "registry.example.org:5000/kafka",
        "apache/kafka@sha256:" + "0" * 64,
        "Apache/kafka:1",
    ],
    values.Url: ["", "ftp://example.org/a", "example.org/a", "https://a b"],
    values.KafkaRelease: ["", "4", "4.3.1", "4.3-IV0", "3.2", "4.03", "v4.3", "2.8"],
    values.Sha256: ["", "0" * 63, "A" * 64, "g" * 64],
    values.SourceRange: ["", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "256.0.0.0/8", "::/0"],
    values.TopicPattern: ["", "a b", "a,b"],
    identifier.Identifier: ["", "EFD", "efd-main", "2efd", "efd;drop"],
    identifier.FieldName: ["", "private efd", "1a", "a.b"],
    identifier.LabelKey: ["", "a b", "/a", "-a", "A.example.org/a"],
    identifier.LabelValue: ["a b", "-a", "a" * 64],
    identifier.Organization: ["", "lsst sqre", "-a", "a,b", "a" * 40],
    identifier.UserName: ["", "ANONYMOUS", "1a", "a-", "a.b", "a" * 41],
    identifier.Prefix: ["", "*", "lsst.*", "a b", "a,b", "a" * 250],
    identifier.MailAddress: ["", "a", "a@b", "A <a@b.org>", "a@b.org, c@d.org", "a@-b.org"],
    identifier.SlackChannel: ["", "efd", "#EFD", "#a b", "C01"],
}


def _validate(kind: type[PatternedText], value: object) -> str:
    return str(TypeAdapter(kind).validate_python(value))


def test_every_value_type_has_accepted_and_refused_examples_here() -> None:
    assert set(_types()) == set(_ACCEPTED) == set(_REFUSED)


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, ts in _ACCEPTED.items() for t in ts])
def test_a_right_text_is_accepted_unchanged(kind: type[PatternedText], text: str) -> None:
    assert _validate(kind, text) == text


@pytest.mark.parametrize(
    ("kind", "value"), [(k, v) for k, vs in _REFUSED.items() for v in [*vs, 15, None, True, ["a"]]]
)
def test_anything_else_is_refused_with_the_sentence_of_the_type(
    kind: type[PatternedText], value: object
) -> None:
    with pytest.raises(ValidationError) as refusal:
        _validate(kind, value)
    assert refusal.value.errors()[0]["msg"] == kind.allowed


@pytest.mark.parametrize("kind", _types())
def test_the_example_of_a_type_is_accepted(kind: type[PatternedText]) -> None:
    assert _validate(kind, kind.example) == kind.example, "a repaired field would be refused"


def test_a_topic_pattern_that_does_not_compile_is_refused_with_the_reason() -> None:
    with pytest.raises(ValidationError) as refusal:
        _validate(values.TopicPattern, "lsst[")
    assert refusal.value.errors()[0]["msg"] == (
        r"a regular expression without spaces or commas, such as lsst\.sal\..*; "
        "unterminated character set at position 4"
    )


def test_a_topic_pattern_matches_whole_names_only() -> None:
    pattern = values.TopicPattern(r"lsst\.sal\.MTM2\..*")
    assert pattern.matches("lsst.sal.MTM2.forces")
    assert not pattern.matches("lsst.sal.MTM2b.forces")
    assert not pattern.matches("old.lsst.sal.MTM2.forces")


@pytest.mark.parametrize(
    ("text", "amount"), [("1Ki", 2**10), ("2Mi", 2**21), ("3Gi", 3 * 2**30), ("1Ti", 2**40)]
)
def test_a_quantity_counts_binary_units(text: str, amount: int) -> None:
    assert values.Quantity(text).bytes == amount


def test_a_quantity_of_bytes_is_rounded_up_to_whole_mebibytes() -> None:
    assert values.Quantity.of_bytes(2**20 + 1) == "2Mi"


@pytest.mark.parametrize(
    ("text", "seconds"), [("60s", 60), ("15m", 900), ("72h", 259_200), ("1w", 604_800)]
)
def test_a_duration_counts_seconds(text: str, seconds: int) -> None:
    assert values.Duration(text).seconds == seconds


def test_forever_is_longer_than_any_duration() -> None:
    assert values.Keep("forever").seconds > values.Keep("9999999w").seconds


@pytest.mark.parametrize(("text", "millicores"), [("4", 4000), ("500m", 500)])
def test_cpu_counts_thousandths(text: str, millicores: int) -> None:
    assert values.Cpu(text).millicores == millicores


def test_a_host_pattern_names_each_broker() -> None:
    assert values.HostPattern("kafka-{broker}.example.org").host(2) == "kafka-2.example.org"


def test_a_bootstrap_address_knows_its_host_and_port() -> None:
    address = values.HostPort("kafka.example.org:31090")
    assert (address.host, address.port) == ("kafka.example.org", 31090)


@pytest.mark.parametrize(
    ("pattern", "prefix", "literal"),
    [
        (r"lsst\.sal\..*", "lsst.sal.", None),
        ("_schemas", "_schemas", "_schemas"),
        (r"lsst\.sal\.A[BC]", "lsst.sal.A", None),
        ("ab*", "a", None),
        ("ab?c", "a", None),
        ("a{2}", "", None),
        ("ab|cd", "", None),
        (".*", "", None),
    ],
)
def test_a_topic_pattern_tells_what_its_topics_begin_with(
    pattern: str, prefix: str, literal: str | None
) -> None:
    """Kafka's rules know beginnings and whole names, no expressions."""
    assert values.TopicPattern(pattern).prefix == prefix
    assert values.TopicPattern(pattern).literal == literal
