"""Every alert rule of a site."""

from collections.abc import Iterator

from efd_infra.config.site import Site
from efd_infra.manifests.alerts.aggregator import aggregator_rules
from efd_infra.manifests.alerts.collector import collector_rules
from efd_infra.manifests.alerts.influxdb import influxdb_rules
from efd_infra.manifests.alerts.kafka import kafka_rules
from efd_infra.manifests.alerts.mirror import mirror_rules
from efd_infra.manifests.alerts.rule import Rule
from efd_infra.manifests.alerts.sinks import sink_rules
from efd_infra.manifests.alerts.upkeep import upkeep_rules
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.catalogue import writers


def alert_rules(site: Site) -> tuple[Rule, ...]:
    """Return the rules whose data something at the site writes."""
    here = writers(site)
    return tuple(rule for rule in every_rule(site) if rule.query.writer in here)


def idle_thresholds(site: Site) -> tuple[str, ...]:
    """Return the alerts that the site has numbers for and does not have."""
    kapacitor = site.timeseries.kapacitor
    here = {rule.signal.name for rule in alert_rules(site)}
    own = kapacitor.thresholds if kapacitor else ()
    return tuple(threshold.alert for threshold in own if threshold.alert not in here)


def every_rule(site: Site) -> Iterator[Rule]:
    """Yield every rule there is, as the site would have it."""
    watch = Watch(site)
    for family in (
        kafka_rules,
        sink_rules,
        aggregator_rules,
        mirror_rules,
        influxdb_rules,
        collector_rules,
        upkeep_rules,
    ):
        yield from family(watch)
