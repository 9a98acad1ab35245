"""The flows of alerts, out of the site."""

from collections.abc import Iterator

from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.peers import ANYWHERE, tcp

_SLACK = 443


def alert_flows(site: Site) -> Iterator[Flow]:
    """Yield the way out of each handler of alerts."""
    if site.timeseries.kapacitor is None:
        return
    handlers = site.timeseries.kapacitor.handlers
    for name, port, why in (
        ("slack", _SLACK if handlers.slack else None, "alerts to a channel"),
        ("mail", handlers.email.port if handlers.email else None, "alerts by mail"),
        ("webhook", handlers.webhook.port if handlers.webhook else None, "alerts to a web service"),
    ):
        if port:
            yield Flow(
                name=f"kapacitor-to-{name}",
                sources=(workloads.KAPACITOR,),
                targets=(ANYWHERE,),
                ports=tcp(port),
                why=why,
            )
