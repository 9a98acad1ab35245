"""Kafka Connect manager: keeps the site's connectors in place.

Owns one connector each. Stops before the workers that run them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.connector import Connector, ConnectorArgs
from efd_infra.config.archive import ConnectSinkSection
from efd_infra.config.values import Quantity


@dataclass(frozen=True, kw_only=True)
class ConnectManagerArgs:
    """What the manager needs besides the connectors' sections of the site."""

    sections: Sequence[ConnectSinkSection]
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    connect_url: str
    influxdb_url: str
    replication_factor: int
    max_message: Quantity
    after: Sequence[pulumi.Resource]
    """What must be ready first: the workers and the databases."""


class ConnectManager(pulumi.ComponentResource):
    """The connectors of a site, each with a manager of its own."""

    connectors: tuple[Connector, ...]

    def __init__(
        self, name: str, args: ConnectManagerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:ConnectManager", name, {}, opts)
        self.connectors = tuple(self._connector(args, section) for section in args.sections)
        self.register_outputs({"connectors": [section.name for section in args.sections]})

    def _connector(self, args: ConnectManagerArgs, section: ConnectSinkSection) -> Connector:
        return Connector(
            section.name,
            ConnectorArgs(
                section=section,
                platform=args.platform,
                namespace=args.namespace,
                kafka=args.kafka,
                connect_url=args.connect_url,
                influxdb_url=args.influxdb_url,
                replication_factor=args.replication_factor,
                max_message=args.max_message,
                after=args.after,
            ),
            pulumi.ResourceOptions(parent=self),
        )
