"""What a site is watched for, and from which number on it is trouble.

Numbers are one table with their sources, so that a site can set its own and a reader can doubt
them. What is queried, and what to do about it, is said in ``manifests/alerts``.
"""

from dataclasses import replace

from efd_infra.config.signal import Signal
from efd_infra.config.site import Site

CERTIFICATE_SOON = 21
"""Days before its end at which a certificate is a warning."""
_ANY = "any is one too many"
_FIVE_MINUTES_AND_AN_HOUR = (
    "the fastest topics have 50 records a second (ts_xml): five minutes and an hour of one"
)

SIGNALS = (
    Signal(
        name="connector-failed",
        unit="connectors",
        critical=0,
        source="it is restarted at once and a minute later (decision 20): that did not help",
    ),
    Signal(
        name="task-failed",
        unit="tasks",
        critical=0,
        source="they are restarted at once and a minute later (decision 20): that did not help",
    ),
    Signal(name="connector-refused", unit="refusals", critical=0, source=_ANY),
    Signal(
        name="sink-lag",
        unit="records",
        warning=15_000,
        critical=180_000,
        source=_FIVE_MINUTES_AND_AN_HOUR,
    ),
    Signal(name="dead-letters", unit="records", warning=0, source=_ANY),
    Signal(
        name="aggregator-lag",
        unit="records",
        warning=15_000,
        critical=180_000,
        source=_FIVE_MINUTES_AND_AN_HOUR,
    ),
    Signal(name="aggregator-dead-letters", unit="records", warning=0, source=_ANY),
    Signal(name="aggregator-late", unit="records", warning=0, source=_ANY),
    Signal(
        name="aggregator-silent",
        unit="samples",
        critical=1,
        low=True,
        source="each worker that runs is asked for its state at each interval",
    ),
    Signal(
        name="schema-awaited",
        unit="seconds",
        warning=300,
        critical=3600,
        source="a link that starts again takes a minute or two (decision 16); an hour of records",
    ),
    Signal(
        name="csc-silent",
        unit="heartbeats",
        warning=1,
        low=True,
        source="every CSC publishes one a second (lsst-ts/ts_xml)",
    ),
    Signal(
        name="efd-silent",
        unit="heartbeats",
        critical=1,
        low=True,
        source="every CSC publishes one a second (lsst-ts/ts_xml)",
    ),
    Signal(name="mirror-task-failed", unit="tasks", critical=0, source=_ANY),
    Signal(
        name="mirror-lag",
        unit="records",
        warning=15_000,
        critical=180_000,
        source=_FIVE_MINUTES_AND_AN_HOUR,
    ),
    Signal(
        name="mirror-age",
        unit="seconds",
        warning=60,
        critical=600,
        source="a link that keeps up takes seconds (decision 17)",
    ),
    Signal(
        name="mirror-silent",
        unit="samples",
        critical=1,
        low=True,
        source="every CSC of the source publishes a heartbeat a second (lsst-ts/ts_xml)",
    ),
    Signal(
        name="pods-missing",
        unit="pods",
        warning=0.8,
        critical=1.8,
        source="8 samples of 10 of one pod: a restart is shorter; without two brokers writers stop",
    ),
    Signal(name="partitions-offline", unit="partitions", critical=0, source=_ANY),
    Signal(
        name="partitions-under-replicated",
        unit="partitions",
        warning=0,
        source="a restarted broker catches up within a minute or two (decision 18)",
    ),
    Signal(
        name="partitions-under-min-isr",
        unit="partitions",
        critical=0,
        source="producers that wait for all copies are refused",
    ),
    Signal(name="log-dir-offline", unit="directories", critical=0, source=_ANY),
    Signal(
        name="controller-missing",
        unit="controllers",
        critical=0,
        source="there is one at a time; an election takes seconds",
    ),
    Signal(
        name="certificate-expiry",
        unit="days",
        warning=CERTIFICATE_SOON,
        critical=7,
        low=True,
        source=(
            "an issuer renews when a third of 90 days is left (cert-manager's renewBefore), so it "
            "has failed for nine days; a working week to get a certificate by hand"
        ),
    ),
    Signal(
        name="store-full",
        unit="percent",
        warning=80,
        critical=90,
        source="a full compaction of InfluxDB writes a shard anew beside the old one",
    ),
    Signal(
        name="store-fills",
        unit="GiB left",
        warning=0,
        low=True,
        source="what the forecast must reach within three days: a weekend",
    ),
    Signal(
        name="disk-full",
        unit="percent",
        warning=80,
        critical=90,
        source="from 85 percent on, kubelet removes images and then ends pods",
    ),
    Signal(
        name="influxdb-series",
        unit="series",
        warning=5_000_000,
        critical=10_000_000,
        source="half of, and what, one server carries (InfluxData's hardware sizing for 1.x)",
    ),
    Signal(
        name="influxdb-memory",
        unit="percent of the limit",
        warning=80,
        critical=90,
        source="Go's collector lets the heap grow until the kernel ends the server",
    ),
    Signal(
        name="influxdb-compaction",
        unit="groups of files",
        warning=10,
        critical=50,
        source="a server of 8 cores compacts 4 at a time, and a shard has few when it keeps up",
    ),
    Signal(
        name="influxdb-compaction-failed",
        unit="compactions",
        warning=0,
        source=_ANY,
    ),
    Signal(
        name="influxdb-queries",
        unit="percent of the limit",
        warning=80,
        critical=99,
        source="at the limit of timeseries.influxdb.queries.concurrent others are refused",
    ),
    Signal(name="points-refused", unit="points", warning=0, source=_ANY),
    Signal(name="writes-failed", unit="points", critical=0, source=_ANY),
    Signal(
        name="metrics-waiting",
        unit="percent of the buffer",
        warning=50,
        critical=90,
        source="the buffer lasts as long again; at 90 Telegraf says that it is not well",
    ),
    Signal(name="metrics-dropped", unit="metrics", warning=0, source=_ANY),
    Signal(
        name="metrics-silent",
        unit="samples",
        critical=1,
        low=True,
        source="Telegraf says something about itself at each interval",
    ),
    Signal(
        name="downsampling-lag",
        unit="hours",
        warning=30,
        critical=54,
        source="a window a day, and six hours: one missed, two missed",
    ),
    Signal(name="downsampling-failed", unit="failures", warning=0, source=_ANY),
    Signal(
        name="backup-age",
        unit="hours",
        warning=30,
        critical=54,
        source="a backup a day, and six hours: one missed, two missed",
    ),
    Signal(
        name="backup-failed",
        unit="of 1 that are good",
        warning=1,
        low=True,
        source=_ANY,
    ),
)
"""Every signal; a site is watched for those that it has."""


def signals(site: Site) -> dict[str, Signal]:
    """Return every signal by name, with the numbers of the site."""
    found = {signal.name: signal for signal in SIGNALS}
    for own in site.timeseries.kapacitor.thresholds if site.timeseries.kapacitor else ():
        if signal := found.get(own.alert):
            found[own.alert] = replace(
                signal,
                warning=signal.warning if own.warning is None else own.warning,
                critical=signal.critical if own.critical is None else own.critical,
            )
    return found
