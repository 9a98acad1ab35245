"""What a cluster has in a project that takes no labels: it is called like the cluster."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Answer = dict[str, Any]
Items = Iterator[Answer]


@dataclass(frozen=True)
class Parts:
    """How one project is asked."""

    everywhere: Callable[[str, str], Items]
    """Yields the resources of a kind, of every region, that a filter lets through."""
    globally: Callable[[str], Items]
    """Yields the resources of a kind that have no place."""
    account: Callable[[str], Answer | None]
    """Returns an account by its short name."""

    def of(self, cluster: str) -> Iterator[tuple[str, Answer]]:
        """Yield kinds and resources, in the order in which they can go.

        A rule of a firewall is the cluster's by its network, whoever made it: Google makes some for
        clusters and load balancers, and a network with rules stays.
        """
        networks = [each for each in self.globally("networks") if each["name"] == cluster]
        links = {network["selfLink"] for network in networks}
        for rule in self.globally("firewalls"):
            if rule.get("network") in links:
                yield "firewall rule", rule
        for kind, called in (("routers", "router"), ("subnetworks", "subnetwork")):
            for found in self.everywhere(kind, f"name={cluster}"):
                if found["name"] == cluster:
                    yield called, found
        for network in networks:
            yield "network", network
        if account := self.account(cluster):
            yield "account", account


def account_place(iam: str, project: str, name: str) -> str:
    """Return where an account is asked for, by its short name."""
    return f"{iam}/projects/{project}/serviceAccounts/{name}@{project}.iam.gserviceaccount.com"


def named(kind: str, found: Mapping[str, Any]) -> str:
    """Return what people call it."""
    return str(found["email"] if kind == "account" else found["name"])
