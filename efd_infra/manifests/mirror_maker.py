"""MirrorMaker 2's settings.

The way is long: 150 ms there and back between the Summit and the data facility. A TCP connection
carries at most one window per round trip, so 10 MB/s need 1.5 MB under way. Kafka clients' own
buffer of 64 KiB carries 0.4 MB/s.
"""

from efd_infra.config.aggregation import AGGREGATED_SCHEMAS_TOPIC, AGGREGATOR_TOPICS
from efd_infra.config.contract import MIRROR_MAKER
from efd_infra.config.link import Link
from efd_infra.config.replication import ReplicationSection
from efd_infra.config.sal import AGGREGATED
from efd_infra.manifests.kafka_client import LOGIN_DIR, config_provider, login_by_reference
from efd_infra.manifests.properties import properties

SOURCE_LOGIN_DIR = "/etc/efd/source-login"
"""Where the workers find the Secret that they log in with at the source."""

_BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter"

ROUND_TRIP_MS = 150
"""Between the Summit and the data facility."""

_EXCLUDED = ",".join(
    (
        r"mm2.*\.internal",
        r".*\.replica",
        "__.*",
        AGGREGATED,
        AGGREGATED_SCHEMAS_TOPIC,
        f"{AGGREGATOR_TOPICS}.*",
    )
)
"""Topics that are never mirrored: MirrorMaker's own choice (``DefaultTopicFilter``), and those of
an aggregator: schemas have other numbers here, and its state would mix with another's."""


def window(section: ReplicationSection) -> int:
    """Return the bytes under way when the link carries all that it can: 1.5 MB at 10 MB/s."""
    return section.rate.bytes * ROUND_TRIP_MS // 1000


def mirror_maker_properties(
    section: ReplicationSection, link: Link, *, target: str, target_bootstrap: str
) -> str:
    """Return ``mirror-maker.properties`` of one link; ``target`` is this site's name."""
    source, flow = link.alias, f"{link.alias}->{target}"
    return properties(
        {
            "clusters": f"{source},{target}",
            f"{source}.bootstrap.servers": section.bootstrap,
            f"{target}.bootstrap.servers": target_bootstrap,
            # Consumers and admin clients alike: all that speak to the source log in.
            **{f"{source}.{key}": value for key, value in _source_login(section).items()},
            **{f"{target}.{key}": value for key, value in login_by_reference(LOGIN_DIR).items()},
            **{f"{flow}.{key}": value for key, value in _flow(section, link).items()},
            # Nothing is ever written to the source: it may not even let us.
            f"{target}->{source}.enabled": False,
            f"{target}->{source}.emit.heartbeats.enabled": False,
            **{f"{source}.consumer.{key}": value for key, value in _consumer(section).items()},
            **{f"{target}.producer.{key}": value for key, value in _producer(section).items()},
            f"{target}.plugin.discovery": "service_load",
            **_workers(section),
            **config_provider(SOURCE_LOGIN_DIR, LOGIN_DIR),
        }
    )


def _source_login(section: ReplicationSection) -> dict[str, str]:
    settings = login_by_reference(SOURCE_LOGIN_DIR, protocol="SASL_SSL")
    if section.login.private_ca:
        settings |= {
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": f"{SOURCE_LOGIN_DIR}/ca.crt",
        }
    return settings


def _flow(section: ReplicationSection, link: Link) -> dict[str, str | int]:
    return {
        "enabled": True,
        "topics": link.topics,
        "topics.exclude": _EXCLUDED,
        "tasks.max": link.tasks,
        "replication.factor": section.replication_factor,
        "refresh.topics.interval.seconds": section.refresh.seconds,
        "sync.topic.configs.interval.seconds": section.refresh.seconds,
        "sync.topic.configs.enabled": True,
        # The source's users are not this site's.
        "sync.topic.acls.enabled": False,
        "emit.heartbeats.enabled": link.heartbeats,
        "heartbeats.topic.replication.factor": section.replication_factor,
        # Nobody fails over with their position, so no group's is translated. Switched off, the
        # connector that would do it is refused at every start with an error; without groups it
        # has nothing to do. What it reads is kept here, not at the source.
        "groups": "",
        "refresh.groups.enabled": False,
        "checkpoints.topic.replication.factor": section.replication_factor,
        "offset-syncs.topic.location": "target",
        "offset-syncs.topic.replication.factor": section.replication_factor,
    }


def _consumer(section: ReplicationSection) -> dict[str, str | int]:
    return {
        # Left to Linux, buffers grow with the link (to 6 MiB here and 4 MiB at the sender); a
        # size of our own would be cut to net.core.rmem_max, on most nodes 208 KiB.
        "receive.buffer.bytes": -1,
        # One answer per broker is under way at a time: it must be worth its round trip, even
        # when a single partition has something to say.
        "max.partition.fetch.bytes": max(window(section), section.max_message.bytes),
        "fetch.max.bytes": max(10 * window(section), section.max_message.bytes),
        # All tasks share the link, so an answer of that size may take its time. At Rubin the
        # default of 30 s ended in time-outs.
        "request.timeout.ms": 120_000,
    }


def _producer(section: ReplicationSection) -> dict[str, str | int]:
    return {
        "max.request.size": section.max_message.bytes,
        # Throughput before latency (the batch that Rubin settled on, lsst-sqre/phalanx).
        "batch.size": 512 * 1024,
        "linger.ms": 100,
        # Records arrive unpacked; without this they would be stored so.
        "compression.type": "lz4",
    }


def _workers(section: ReplicationSection) -> dict[str, str | int]:
    factor = section.replication_factor
    return {
        # Names stay as they are: schema ids, measurements and queries depend on them.
        "replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
        "key.converter": _BYTES,
        "value.converter": _BYTES,
        "header.converter": _BYTES,
        **{f"{kind}.storage.replication.factor": factor for kind in ("config", "offset", "status")},
        # Workers hand each other the tasks over REST (KIP-710). Without a host, a worker is
        # known by its pod's address; its host name resolves in the pod alone.
        "dedicated.mode.enable.internal.rest": True,
        "plugin.discovery": "service_load",
        "listeners": f"http://:{MIRROR_MAKER.port}",
    }
