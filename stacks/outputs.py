"""What a site tells its users: the addresses they dial and how the EFD client connects."""

from dataclasses import dataclass
from typing import Any

import pulumi

from efd_infra.config.contract import KAFKA_BROKERS
from efd_infra.config.listener import SCRAM
from efd_infra.config.published_name import dns_records, published_names
from efd_infra.config.site import Site
from stacks.foundation import FoundationLayer


@dataclass(frozen=True, kw_only=True)
class SiteOutputs:
    """The outputs of a site's stack; an address is there if its service is."""

    values: dict[str, pulumi.Input[Any]]

    @classmethod
    def of(cls, site: Site, foundation: FoundationLayer) -> "SiteOutputs":
        """Collect the outputs of ``site``."""
        streaming, timeseries = site.streaming, site.timeseries
        hosts = {
            "chronografUrl": timeseries.chronograf and timeseries.chronograf.host,
            "influxdbUrl": timeseries.influxdb.host,
            "schemaRegistryUrl": streaming.schema_registry.host,
            "kafdropUrl": streaming.kafdrop and streaming.kafdrop.host,
        }
        values: dict[str, pulumi.Input[Any]] = {
            name: site.endpoint(host).url for name, host in hosts.items() if host
        }
        values["kafkaBootstrap"] = KAFKA_BROKERS.address
        if external := streaming.kafka.external:
            brokers = range(streaming.kafka.brokers)
            values["kafkaExternalBootstrap"] = external.address
            values["kafkaExternalBrokers"] = [external.listener.address(n) for n in brokers]
        if external or streaming.kafka.users:
            values["kafkaUsers"] = _kafka_users(site, foundation)
        if foundation.broker_addresses:
            values["kafkaExternalAddresses"] = list(foundation.broker_addresses)
        if aggregates := [sink.database for sink in streaming.connectors if sink.aggregated]:
            values["aggregateDatabases"] = sorted(set(aggregates))
        names = published_names(site)
        values["dnsRecords"] = dns_records(names)
        values["certificateNames"] = sorted({name.host for name in names})
        if site.alias:
            values["efdClient"] = _client_facts(site, foundation)
        return cls(values=values)

    def export(self) -> None:
        """Make them the outputs of the stack."""
        for name, value in self.values.items():
            pulumi.export(name, value)


def _kafka_users(site: Site, foundation: FoundationLayer) -> dict[str, Any]:
    """Return how each user logs in, in the words of Kafka's clients.

    At the external listener, or where there is none, inside the cluster. By user:
    ``security_protocol``, ``mechanism``, ``username`` and ``password``; the password is a secret
    output.
    """
    kafka = site.streaming.kafka
    listener = kafka.external.listener if kafka.external else kafka.internal.listener
    return {
        user.name: {
            "security_protocol": listener.protocol,
            "mechanism": SCRAM,
            "username": user.name,
            "password": foundation.kafka_users[user.name].values["password"],
        }
        for user in kafka.users
    }


def _client_facts(site: Site, foundation: FoundationLayer) -> dict[str, Any]:
    """Return how the EFD client reaches this site, as its credential service words it.

    The shape is that of ``lsst-sqre/segwarides``: six keys, whose values are texts. The EFD client
    of 2021 puts the port behind the registry's address itself, and cannot do so with a number.
    The password is a secret output.
    """
    influxdb = site.endpoint(site.timeseries.influxdb.host)
    registry = site.streaming.schema_registry.host
    return {
        str(site.alias): {
            "host": influxdb.host,
            "port": str(influxdb.port),
            "path": f"{influxdb.path}/",
            "schema_registry": site.endpoint(registry).url if registry else None,
            "username": "efdreader",
            "password": foundation.users["efdreader"].values["password"],
        }
    }
