"""How a pod logs in at the brokers: where they answer, and a Secret that says as whom.

Owns the files that a pod finds. Stops before the user's rights, which a Job sets.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from efd_infra.components.foundation.credentials import (
    PASSWORD_LENGTH,
    Credentials,
    CredentialsArgs,
)
from efd_infra.components.foundation.volume import Volume, secret_volume
from efd_infra.config.listener import PLAIN
from efd_infra.manifests.kafka import broker_user, broker_users
from efd_infra.manifests.kafka_client import CLIENT_PROPERTIES, LOGIN_DIR, login
from efd_infra.manifests.kafka_users import KafkaUser
from efd_infra.manifests.properties import properties


@dataclass(frozen=True, kw_only=True)
class KafkaLogin:
    """Where the brokers answer, and as whom a pod comes."""

    bootstrap: str
    secret: pulumi.Input[str]
    """A Secret in the pod's namespace with the keys ``username``, ``password`` and
    ``client.properties``, the same as a Java client's settings."""

    @property
    def volume(self) -> Volume:
        """The Secret's files, at ``LOGIN_DIR``."""
        return secret_volume("kafka-login", LOGIN_DIR, self.secret)


def user_credentials(
    user: KafkaUser,
    namespaces: Mapping[str, pulumi.Input[str]],
    options: pulumi.ResourceOptions,
) -> Credentials:
    """Generate the password of ``user``, with a copy for each of ``namespaces``."""
    return Credentials(
        f"kafka-user-{user.name}",
        CredentialsArgs(
            namespaces=namespaces,
            values={"username": user.name},
            generated={"password": PASSWORD_LENGTH},
            generation=user.generation,
            composed={CLIENT_PROPERTIES: properties(login("{username}", "{password}"))},
        ),
        options,
    )


def broker_credentials(
    generation: int,
    namespaces: Mapping[str, pulumi.Input[str]],
    options: pulumi.ResourceOptions,
) -> Credentials:
    """Generate what brokers log in with at each other: a password for each user among them.

    The Secret has a key for each, ``username``, which names the present one, and
    ``client.properties`` for the Jobs that administer the brokers.
    """
    own = broker_user(generation)
    client = login(own, f"{{{own}}}", mechanism=PLAIN)
    return Credentials(
        "kafka-brokers",
        CredentialsArgs(
            namespaces=namespaces,
            values={"username": own},
            generated=dict.fromkeys(broker_users(generation), PASSWORD_LENGTH),
            composed={CLIENT_PROPERTIES: properties(client)},
        ),
        options,
    )
