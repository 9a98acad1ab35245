"""The brokers' settings: what all nodes share, and the table from which each takes its own."""

from collections.abc import Iterable

from efd_infra.config.contract import KAFKA_VIP
from efd_infra.config.kafka import KafkaSection
from efd_infra.config.listener import PLAIN, REPLICATION, SCRAM, Listener
from efd_infra.config.values import Duration
from efd_infra.manifests.properties import properties

DATA_DIR = "/var/lib/kafka/data"
"""Where a broker's claim is mounted."""

SETTINGS_DIR = "/etc/efd/kafka"
"""Where the pod finds the files below, and its scripts."""

KEYSTORE_DIR = "/run/efd"
"""What the broker shares with the companion that keeps its certificate."""

KEYSTORE = f"{KEYSTORE_DIR}/external.pem"
"""Key and certificates of the listener that is encrypted, in the one file that Kafka reads."""

CONTROLLER_PORT = 9093
"""Where the nodes that vote talk to each other and to the brokers."""

_CONTROLLER = "CONTROLLER"
_REAUTHENTICATION = Duration("1h")
"""After which a connection must log in again, so that a changed password ends the old one's."""


def broker_users(generation: int) -> tuple[str, ...]:
    """Return who counts as a broker: those of this generation, of the last and of the next.

    While the brokers restart one by one, some log in as the next generation already and others
    as the last one still; each side takes both.
    """
    return tuple(broker_user(each) for each in range(max(1, generation - 1), generation + 2))


def broker_user(generation: int) -> str:
    """Return the user that brokers log in as with each other."""
    return f"broker-{generation}"


def pod_name(node: int) -> str:
    """Return the name of one node's pod."""
    return f"{KAFKA_VIP.name}-{node}"


def claim_name(node: int, template: str) -> str:
    """Return the name under which the StatefulSet looks for a node's claim."""
    return f"{template}-{pod_name(node)}"


def server_properties(section: KafkaSection) -> str:
    """Return what the nodes' ``server.properties`` have in common.

    The number of brokers is not in it: a changed file restarts every node.
    """
    return properties(
        {
            **_quorum(section),
            **_topics(section),
            **_retention(section),
            **_network(section),
            **_access(section),
        }
    )


def controller_properties(section: KafkaSection) -> str:
    """Return what only the nodes that vote may have: others warn of it at every turn."""
    return properties({"default.replication.factor": section.replication_factor})


def listener_table(listeners: Iterable[Listener]) -> str:
    """Return one line per listener for clients, as the start script reads it."""
    return "".join(
        f"{listener.name} {listener.port} {listener.advertised} {listener.advertised_port} "
        f"{int(listener.port_per_broker)}\n"
        for listener in listeners
    )


def _quorum(section: KafkaSection) -> dict[str, str | int]:
    voters = [
        f"{node}@{REPLICATION.advertised.host(node)}:{CONTROLLER_PORT}"
        for node in range(section.controllers)
    ]
    return {
        "controller.listener.names": _CONTROLLER,
        "controller.quorum.voters": ",".join(voters),
        # Not the mount itself: a new volume may hold lost+found, which is no partition.
        "log.dirs": f"{DATA_DIR}/kafka",
    }


def _topics(section: KafkaSection) -> dict[str, str | int]:
    factor, in_sync = section.replication_factor, section.min_in_sync_replicas
    return {
        "auto.create.topics.enable": section.auto_create_topics,
        "min.insync.replicas": in_sync,
        # A replica that lacks acknowledged records must never lead.
        "unclean.leader.election.enable": False,
        "offsets.topic.replication.factor": factor,
        "transaction.state.log.replication.factor": factor,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": factor,
        "share.coordinator.state.topic.min.isr": in_sync,
    }


def _retention(section: KafkaSection) -> dict[str, str | int]:
    return {
        # By time alone: a limit in bytes holds per partition and caps no disk.
        "log.retention.ms": section.retention.milliseconds,
        "log.cleaner.delete.retention.ms": section.tombstone_retention.milliseconds,
        "offsets.retention.minutes": section.offsets_retention.seconds // 60,
    }


def _network(section: KafkaSection) -> dict[str, str | int]:
    protocols = {_CONTROLLER: REPLICATION.protocol} | {
        listener.name: listener.protocol for listener in section.listeners
    }
    return {
        "inter.broker.listener.name": REPLICATION.name,
        "listener.security.protocol.map": ",".join(
            f"{listener}:{protocol}" for listener, protocol in protocols.items()
        ),
        "message.max.bytes": section.max_message.bytes,
        "replica.fetch.max.bytes": section.max_message.bytes,
        # Kafka's own 100 KiB carry 0.7 MB/s to a mirror 150 ms away, because a connection sends
        # one buffer per round trip. Left to Linux, buffers grow with the link (to 4 MiB).
        "socket.send.buffer.bytes": -1,
        "socket.receive.buffer.bytes": -1,
    }


def _access(section: KafkaSection) -> dict[str, str | int]:
    brokers = broker_users(section.login_generation)
    settings: dict[str, str | int] = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": False,
        # The brokers themselves, and the Jobs that administer them. They log in where no user
        # does, and no user there is looked up in what users may change.
        "super.users": ";".join(f"User:{user}" for user in brokers),
        "sasl.mechanism.controller.protocol": PLAIN,
        "sasl.mechanism.inter.broker.protocol": PLAIN,
        # The passwords are in no ConfigMap: the start script adds this module's line.
        **_enabled(_CONTROLLER, PLAIN),
        **_enabled(REPLICATION.name, PLAIN),
    }
    for listener in section.listeners:
        if listener.mechanism == SCRAM:
            settings |= _enabled(listener.name, SCRAM) | _scram(listener)
        if listener.encrypted:
            settings |= {
                f"{_prefix(listener.name)}ssl.keystore.type": "PEM",
                f"{_prefix(listener.name)}ssl.keystore.location": KEYSTORE,
                # Who renews a certificate while the broker runs may give it another subject, as
                # authorities do, and other names. Who it is for is checked before: certificate.sh.
                f"{_prefix(listener.name)}ssl.allow.dn.changes": True,
                f"{_prefix(listener.name)}ssl.allow.san.changes": True,
            }
    return settings


def _prefix(listener: str) -> str:
    return f"listener.name.{listener.lower()}."


def _enabled(listener: str, mechanism: str) -> dict[str, str | int]:
    return {f"{_prefix(listener)}sasl.enabled.mechanisms": mechanism}


def _scram(listener: Listener) -> dict[str, str | int]:
    prefix = f"{_prefix(listener.name)}{SCRAM.lower()}."
    return {
        f"{prefix}sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        f"{prefix}connections.max.reauth.ms": _REAUTHENTICATION.milliseconds,
    }
