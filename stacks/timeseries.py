"""The time series layer: InfluxDB, Chronograf and Kapacitor."""

from dataclasses import dataclass

import pulumi

from efd_infra.components.foundation.credentials import Credentials, CredentialsArgs
from efd_infra.components.timeseries.chronograf import Chronograf, ChronografArgs
from efd_infra.components.timeseries.downsampling import Downsampling, DownsamplingArgs
from efd_infra.components.timeseries.influxdb import InfluxDb, InfluxDbArgs
from efd_infra.components.timeseries.kapacitor import Kapacitor, KapacitorArgs
from efd_infra.config import contract
from efd_infra.config.influxdb_user import influxdb_users
from efd_infra.config.site import Site
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.alerts.rules import alert_rules, idle_thresholds
from efd_infra.manifests.chronograf import chronograf_kapacitor, chronograf_source
from efd_infra.manifests.dashboards.files import dashboard_files
from stacks.foundation import FoundationLayer


@dataclass(frozen=True, kw_only=True)
class TimeseriesLayer:
    """What writers and readers of points wait for."""

    databases: pulumi.Resource


def deploy_timeseries(site: Site, foundation: FoundationLayer) -> TimeseriesLayer:
    """Deploy what stores, shows and watches points."""
    influxdb = _influxdb(site, foundation)
    _kapacitor(site, foundation, influxdb)
    _chronograf(site, foundation, influxdb)
    _downsampling(site, foundation, influxdb)
    return TimeseriesLayer(databases=influxdb.setup)


def _influxdb(site: Site, foundation: FoundationLayer) -> InfluxDb:
    section = site.timeseries.influxdb
    namespace = contract.INFLUXDB.namespace
    return InfluxDb(
        "influxdb",
        InfluxDbArgs(
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[namespace],
            public=site.endpoint(section.host),
            users=influxdb_users(site),
            user_secrets={
                name: user.secret_names[namespace] for name, user in foundation.users.items()
            },
            signing_secret=foundation.signing.secret_names[namespace],
            door_keys=foundation.door_secrets(namespace),
            after=[],
        ),
        foundation.options,
    )


def _kapacitor(site: Site, foundation: FoundationLayer, influxdb: InfluxDb) -> None:
    section = site.timeseries.kapacitor
    if section is None:
        return
    namespace = contract.KAPACITOR.namespace
    for alert in idle_thresholds(site):
        pulumi.log.warn(f"timeseries.kapacitor.thresholds: nothing here is watched for {alert}")
    Kapacitor(
        "kapacitor",
        KapacitorArgs(
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[namespace],
            influxdb_url=contract.INFLUXDB.url,
            user_secret=foundation.users["kapacitor"].secret_names[namespace],
            site=site.name,
            rules=alert_rules(site),
            url_secrets=foundation.alert_urls,
            door_keys=foundation.door_secrets(namespace),
            after=[influxdb.setup],
        ),
        foundation.options,
    )


def _chronograf(site: Site, foundation: FoundationLayer, influxdb: InfluxDb) -> None:
    section = site.timeseries.chronograf
    if section is None or foundation.chronograf_login is None:
        return
    Chronograf(
        "chronograf",
        ChronografArgs(
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.CHRONOGRAF.namespace],
            public=site.endpoint(section.host),
            connections_secret=_connections(site, foundation),
            dashboards=dashboard_files(site),
            login_secret=foundation.chronograf_login,
            door_keys=foundation.door_secrets(contract.CHRONOGRAF.namespace),
            after=[influxdb.setup],
        ),
        foundation.options,
    )


def _downsampling(site: Site, foundation: FoundationLayer, influxdb: InfluxDb) -> None:
    if site.monitoring is None or not site.timeseries.downsampled:
        return
    namespace = contract.INFLUXDB.namespace
    Downsampling(
        "downsampling",
        DownsamplingArgs(
            section=site.timeseries,
            platform=foundation.platform,
            namespace=foundation.namespaces[namespace],
            influxdb_url=contract.INFLUXDB.url,
            metrics_database=site.monitoring.database,
            user_secret=foundation.users["downsampler"].secret_names[namespace],
            after=[influxdb.setup],
        ),
        foundation.options,
    )


def _connections(site: Site, foundation: FoundationLayer) -> pulumi.Output[str]:
    """Return the Secret with the files that connect Chronograf to InfluxDB and Kapacitor."""
    namespace = contract.CHRONOGRAF.namespace
    database = site.monitoring.database if site.monitoring else "telegraf"
    files = {
        "efd.src": foundation.users["chronograf"]
        .values["password"]
        .apply(
            lambda password: chronograf_source(
                influxdb_url=contract.INFLUXDB.url,
                username="chronograf",
                password=password,
                telegraf_database=database,
                default_retention_policy=DEFAULT_POLICY,
            )
        )
    }
    if site.timeseries.kapacitor:
        url = contract.KAPACITOR.url
        files["efd.kap"] = pulumi.Output.from_input(chronograf_kapacitor(kapacitor_url=url))
    args = CredentialsArgs(
        namespaces={namespace: foundation.namespaces[namespace]},
        values=files,
    )
    return Credentials("chronograf-connections", args, foundation.options).secret_names[namespace]
