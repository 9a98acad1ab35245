"""Alerts of the brokers: https://kafka.apache.org/documentation/#monitoring."""

from collections.abc import Iterator

from efd_infra.manifests.alerts.rule import EVERYTHING, Rule, Words
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.measurement import Writer

_ABOUT = "the brokers"
_SOON = 2
"""Grains of time after which it is told of: two samples may be one."""


def kafka_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of the brokers."""
    manager = "kafka_server_replicamanager"
    controller = "kafka_controller_kafkacontroller"
    yield watch.lasting(
        "partitions-offline",
        Words(
            title="partitions have no leader",
            about=_ABOUT,
            meaning="Nobody can write or read these partitions: all their copies in step are away.",
            remedy=(
                "Find the broker that was away last and bring its pod back with its claim: "
                "kubectl --namespace cp-helm-charts get pods, then its log. Never elect an unclean "
                "leader: what only the others lack is lost."
            ),
        ),
        watch.scraped(Writer.BROKERS, f'max("{controller}_offlinepartitionscount")'),
        EVERYTHING,
        grains=_SOON,
    )
    yield watch.lasting(
        "partitions-under-min-isr",
        Words(
            title="partitions have fewer copies in step than writers ask for",
            about=_ABOUT,
            meaning="Producers that wait for all copies are refused, and so is the mirror.",
            remedy=(
                "Bring the missing brokers back. Records wait at their producers, as long as these "
                "can hold them."
            ),
        ),
        watch.scraped(Writer.BROKERS, f'max("{manager}_underminisrpartitioncount")'),
        EVERYTHING,
        grains=_SOON,
    )
    yield watch.lasting(
        "partitions-under-replicated",
        Words(
            title="partitions lack a copy",
            about=_ABOUT,
            meaning="Nothing is lost yet, but another broker's end could lose records.",
            remedy=(
                "See whether a broker is away or slow: its disk, its network, its processor. "
                "A changed rollout waits until this is over."
            ),
        ),
        watch.scraped(Writer.BROKERS, f'max("{manager}_underreplicatedpartitions")'),
        EVERYTHING,
    )
    yield watch.lasting(
        "log-dir-offline",
        Words(
            title="a broker has given up its disk",
            about=_ABOUT,
            meaning="The broker has met an error of its disk and serves no partition of it.",
            remedy="Read the broker's log, see the volume and its node, then restart the pod.",
        ),
        watch.scraped(Writer.BROKERS, 'max("kafka_log_logmanager_offlinelogdirectorycount")'),
        EVERYTHING,
        grains=_SOON,
    )
    yield watch.lasting(
        "controller-missing",
        Words(
            title="there is no active controller",
            about=_ABOUT,
            meaning="No topic can be made, and no leader elected where a broker goes.",
            remedy="Two of the three controllers, brokers 0 to 2, must run and see each other.",
        ),
        watch.scraped(Writer.BROKERS, f'1 - max("{controller}_activecontrollercount")'),
        EVERYTHING,
        grains=_SOON,
    )
