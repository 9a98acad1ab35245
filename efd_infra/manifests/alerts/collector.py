"""Alerts of what everybody depends on: pods, disks, certificates, and Telegraf itself."""

from collections.abc import Iterator
from dataclasses import replace

from efd_infra.manifests.alerts.rule import Rule, Shape, Words
from efd_infra.manifests.alerts.watch import SAMPLES, Watch
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.scraped import watched_pods
from efd_infra.manifests.telegraf import CERTIFICATE_INTERVAL

_STEP, _STEPS, _LEARNT = 12 * 3600, 6, 14 * 24 * 3600
"""Seconds of a step of the forecast, their number, and seconds that it learns from: three days
ahead, from two weeks with their weekends. InfluxDB damps a trend, the more the more steps there
are: with 12 hours the forecasts of a store that would lack 9 GiB lacked 3 to 8, with 6 hours some
had 13 left."""


def collector_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of pods, disks, certificates, and of Telegraf."""
    yield from _pods(watch)
    yield from _disks(watch)
    expiry = watch.state(
        "certificate-expiry",
        Words(
            title="a certificate is about to expire",
            about='{{ index .Tags "source" }}',
            meaning="From then on, clients outside the cluster refuse to connect.",
            remedy=(
                "Its renewal failed: see the issuer, or who fills the Secret. Brokers take a new "
                "certificate while they run."
            ),
        ),
        # The least of a source: an intermediate certificate that expires is as bad. By source
        # alone: each renewed certificate has another serial number, and the alert of the old one
        # would never end.
        watch.measured(Writer.CERTIFICATES, "x509_cert", 'min("expiry") / 86400'),
        ("source",),
    )
    looks = CERTIFICATE_INTERVAL.seconds
    yield replace(expiry, period=3 * looks, every=looks)
    yield from _telegraf(watch)


def _pods(watch: Watch) -> Iterator[Rule]:
    for service in watched_pods(watch.site):
        namespace = service.address.namespace
        yield watch.missing(
            "pods-missing",
            Words(
                title="pods are away",
                about=f"{service.address.name} in {namespace}",
                meaning="They are down, not ready, or do not say anything: nobody watches them.",
                remedy=(
                    f"kubectl --namespace {namespace} get pods; then the events and the log of "
                    "the one that is not ready."
                ),
            ),
            watch.scraped(
                service.writer,
                f'{service.pods} - count("{service.always}") / {SAMPLES}',
                **service.where,
            ),
            service.address.name,
        )


def _disks(watch: Watch) -> Iterator[Rule]:
    room = Words(
        title="a store is nearly full",
        about='claim {{ index .Tags "claim" }}',
        meaning="Kafka stops at a full disk; InfluxDB refuses points and cannot compact.",
        remedy=(
            "Grow the claim. Or keep less: Kafka frees segments within minutes of a shorter "
            "retention, InfluxDB frees whole shards."
        ),
    )
    free = 'min("efd_claim_free_bytes")'
    yield watch.state(
        "store-full",
        room,
        watch.scraped(Writer.CLAIMS, f'100 - {free} / max("efd_claim_size_bytes") * 100'),
        ("claim",),
    )
    yield Rule(
        signal=watch.signals["store-fills"],
        words=replace(
            room,
            title="a store will be full within three days",
            meaning="A Holt-Winters forecast of the last two weeks says so; a step may mislead it.",
        ),
        shape=Shape.FORECAST,
        query=watch.scraped(Writer.CLAIMS, f"HOLT_WINTERS({free}, {_STEPS}, 0) / {2**30}"),
        period=_LEARNT,
        every=3600,
        groups=("claim",),
        times={"grain": _STEP, "ahead": _STEPS * _STEP},
    )
    yield watch.state(
        "disk-full",
        Words(
            title="a node's disk is nearly full",
            about='{{ index .Tags "node" }}, {{ index .Tags "path" }}',
            meaning="Kubelet ends pods to free it; stores that share the disk stop.",
            remedy="See whose files they are; stores that only bind a directory share its disk.",
        ),
        watch.measured(Writer.NODES, "disk", 'max("used_percent")'),
        ("node", "path"),
    )


def _telegraf(watch: Watch) -> Iterator[Rule]:
    waiting = Words(
        title="metrics wait for InfluxDB",
        about="Telegraf",
        meaning="InfluxDB takes writes too slowly; when the buffer is full, the oldest are lost.",
        remedy="See InfluxDB's load, then Telegraf's log; monitoring.resources sizes the buffer.",
    )
    yield watch.state(
        "metrics-waiting",
        waiting,
        watch.measured(
            Writer.COLLECTOR,
            "internal_write",
            'max("buffer_size") / max("buffer_limit") * 100',
            output="influxdb",
        ),
        ("output",),
    )
    yield watch.growth(
        "metrics-dropped",
        Words(
            title="metrics are lost",
            about="Telegraf",
            meaning="Dashboards have gaps, and alerts may have missed something.",
            remedy=waiting.remedy,
        ),
        watch.measured(
            Writer.COLLECTOR,
            "internal_write",
            'non_negative_difference(max("metrics_dropped"))',
            output="influxdb",
        ),
        "output",
    )
    yield watch.missing(
        "metrics-silent",
        Words(
            title="there are no metrics",
            about="Telegraf",
            meaning="Nothing is watched: no other alert that needs metrics can be raised.",
            remedy="kubectl --namespace telegraf get pods; then Telegraf's log.",
        ),
        watch.measured(Writer.COLLECTOR, "internal_agent", 'count("gather_errors")'),
    )
