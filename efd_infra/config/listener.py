"""How clients reach brokers: one typed listener, from which every consumer is derived.

Services, node ports, advertised listeners, outputs and documents read this object, so they
cannot disagree; that they did is the commonest complaint about every comparable deployment.
"""

from dataclasses import dataclass
from typing import Literal

from efd_infra.config.contract import KAFKA_BROKERS, KAFKA_VIP
from efd_infra.config.values import HostPattern


@dataclass(frozen=True, kw_only=True)
class Listener:
    """One way to reach the brokers.

    ``advertised`` is the host that broker *n* tells its clients, with ``{broker}`` for *n*;
    its port is ``advertised_port``, plus *n* where each broker has a port of its own.
    """

    name: str
    protocol: Literal["PLAINTEXT", "SASL_SSL"]
    port: int
    advertised: HostPattern
    advertised_port: int
    port_per_broker: bool = False

    def address(self, broker: int) -> str:
        """Return ``host:port`` as broker ``broker`` advertises it."""
        return f"{self.advertised.host(broker)}:{self.broker_port(broker)}"

    def broker_port(self, broker: int) -> int:
        """Return the advertised port of one broker; a node port where each has its own."""
        return self.advertised_port + (broker if self.port_per_broker else 0)


INTERNAL = Listener(
    name="INTERNAL",
    protocol="PLAINTEXT",
    port=KAFKA_BROKERS.port,
    advertised=HostPattern(f"{KAFKA_VIP.name}-{{broker}}.{KAFKA_BROKERS.host}"),
    advertised_port=KAFKA_BROKERS.port,
)
"""Clients and brokers inside the cluster: pod name and headless Service."""
