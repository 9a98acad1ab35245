"""Alerts of the mirror: https://kafka.apache.org/documentation/#georeplication-monitoring."""

from collections.abc import Iterator
from dataclasses import replace

from efd_infra.manifests.alerts.rule import Rule, Words
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.scraped import mirror_services

_LINK = 'link from {{ index .Tags "source" }}'


def mirror_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of the links from another site."""
    for service in mirror_services(watch.site):
        failed = watch.lasting(
            "mirror-task-failed",
            Words(
                title="the mirror has failed tasks",
                about=f'{service.address.name}, {{{{ index .Tags "connector" }}}}',
                meaning="Some topics are not mirrored. The source keeps them for its retention.",
                remedy="Read the workers' log in the namespace mirror-maker, and restart the pod.",
            ),
            watch.scraped(
                Writer.MIRROR, 'max("kafka_connect_worker_tasks_failed")', **service.where
            ),
            "connector",
        )
        yield replace(failed, instance=service.address.name)
    yield watch.lasting(
        "mirror-lag",
        Words(
            title="the mirror is behind",
            about=_LINK,
            meaning="What is here is old. Beyond the source's retention records are lost.",
            remedy=(
                "Compare what the link carries with replication.rate. After an outage the lag "
                "shrinks by itself; otherwise more tasks help, or larger buffers (decision 17)."
            ),
        ),
        watch.scraped(Writer.MIRROR, 'max("kafka_mirror_records_lag_max")'),
        "source",
    )
    yield watch.lasting(
        "mirror-age",
        Words(
            title="the mirror is late",
            about=_LINK,
            meaning="Heartbeats of CSCs were old when they arrived here.",
            remedy="As for the lag; if there is none, compare the clocks of both sites.",
        ),
        watch.scraped(Writer.MIRROR, 'max("kafka_mirror_record_age_ms") / 1000'),
        "source",
    )
    yield watch.missing(
        "mirror-silent",
        Words(
            title="nothing is mirrored",
            about="the heartbeats of the source",
            meaning="The link is cut or its workers are down; the source keeps the records.",
            remedy=(
                "See whether the workers run, then whether they reach the source's brokers: "
                "name, port, login and certificate stand in their log."
            ),
        ),
        watch.scraped(Writer.MIRROR, 'count("kafka_mirror_record_age_ms")'),
    )
