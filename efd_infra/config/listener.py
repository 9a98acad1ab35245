"""How clients reach brokers: one typed listener, from which every consumer is derived.

Services, node ports, advertised listeners, outputs and documents read this object, so they
cannot disagree; that they did is the commonest complaint about every comparable deployment.
"""

from dataclasses import dataclass
from typing import Final, Literal

from efd_infra.config.contract import (
    KAFKA_BROKERS,
    KAFKA_REPLICATION,
    KAFKA_SERVICES,
    KAFKA_VIP,
    ServiceAddress,
)
from efd_infra.config.values import HostPattern

SCRAM: Final = "SCRAM-SHA-512"
"""How users prove that they know their password; the brokers keep none that could be used."""
PLAIN: Final = "PLAIN"
"""How the brokers log in with each other, who cannot look users up before they have met."""

Mechanism = Literal["SCRAM-SHA-512", "PLAIN"]


@dataclass(frozen=True, kw_only=True)
class Listener:
    """One way to reach the brokers.

    ``advertised`` is the host that broker *n* tells its clients, with ``{broker}`` for *n*;
    its port is ``advertised_port``, plus *n* where each broker has a port of its own.
    """

    name: str
    encrypted: bool = False
    """Whether it shows a certificate."""
    mechanism: Mechanism | None
    """How clients log in; None: everybody is anonymous."""
    port: int
    advertised: HostPattern
    advertised_port: int
    port_per_broker: bool = False

    @property
    def protocol(self) -> str:
        """The security protocol, as Kafka calls it."""
        transport = "SSL" if self.encrypted else "PLAINTEXT"
        return f"SASL_{transport}" if self.mechanism else transport

    def address(self, broker: int) -> str:
        """Return ``host:port`` as broker ``broker`` advertises it."""
        return f"{self.advertised.host(broker)}:{self.broker_port(broker)}"

    def broker_port(self, broker: int) -> int:
        """Return the advertised port of one broker; a node port where each has its own."""
        return self.advertised_port + (broker if self.port_per_broker else 0)


def _inside(name: str, address: ServiceAddress, mechanism: Mechanism | None) -> Listener:
    """Return a listener at the brokers' names inside the cluster: pod name and headless Service."""
    return Listener(
        name=name,
        mechanism=mechanism,
        port=address.port,
        advertised=HostPattern(f"{KAFKA_VIP.name}-{{broker}}.{address.host}"),
        advertised_port=address.port,
    )


REPLICATION = _inside("REPLICATION", KAFKA_REPLICATION, PLAIN)
"""The brokers among themselves, and the Jobs that administer them."""

SERVICES = _inside("SERVICES", KAFKA_SERVICES, SCRAM)
"""This program's own services. Not the port of the contract: how others log in there can change
without a stop of the pipeline, and network policies can tell the two apart."""


def internal_listener(*, anonymous: bool) -> Listener:
    """Return the listener at the contract's address, for clients of the same Kubernetes cluster."""
    return _inside("INTERNAL", KAFKA_BROKERS, None if anonymous else SCRAM)
