"""The foundation layer: the provider, the namespaces and the credentials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from efd_infra.components.foundation.credentials import (
    PASSWORD_LENGTH,
    Credentials,
    CredentialsArgs,
)
from efd_infra.components.foundation.kafka_login import (
    KafkaLogin,
    broker_credentials,
    user_credentials,
)
from efd_infra.components.foundation.namespace import Namespace, NamespaceArgs
from efd_infra.components.foundation.platform import Platform
from efd_infra.config import contract
from efd_infra.config.influxdb_user import influxdb_users
from efd_infra.config.secrets import GithubApplication, Secrets
from efd_infra.config.site import Site
from efd_infra.config.streaming import KafdropSection
from efd_infra.config.timeseries import ChronografSection
from efd_infra.manifests.kafka_users import site_user
from efd_infra.manifests.service_users import service_users
from efd_infra.manifests.workloads import site_workloads
from stacks.alert_keys import alert_keys
from stacks.backup_keys import bucket_keys, door_keys
from stacks.cloud import CloudLayer
from stacks.cluster import cluster_options

_TOKEN_LENGTH = 64
"""Characters of a key that signs tokens: 380 bits."""
_COOKIE_KEY_LENGTH = 32
"""Bytes of an AES-256 key, which oauth2-proxy encrypts its cookies with."""


@dataclass(frozen=True, kw_only=True)
class FoundationLayer:
    """What every later layer stands on."""

    options: pulumi.ResourceOptions
    """The options of every component: this site's provider."""
    platform: Platform
    namespaces: Mapping[str, pulumi.Output[str]]
    """By plain name; the output is known once the namespace exists."""
    users: Mapping[str, Credentials]
    """InfluxDB's users by name."""
    broker_addresses: Sequence[pulumi.Output[str]]
    """Reserved for the brokers' load balancers, where the cluster is made here."""
    brokers: KafkaLogin
    """How Kafka's brokers log in with each other, and the Jobs that administer them."""
    kafka_users: Mapping[str, Credentials]
    """Kafka's users by name: the site's own and those of its services."""
    signing: Credentials
    """What InfluxDB signs its tokens with."""
    chronograf_login: pulumi.Input[str] | None
    """The Secret of the GitHub application that Chronograf logs in with."""
    kafdrop_login: pulumi.Input[str] | None
    """The Secret of the GitHub application that Kafdrop's proxy logs in with."""
    alert_urls: Mapping[str, pulumi.Input[str]]
    """By handler of alerts, the Secret with its secret URL."""
    door_keys: Mapping[str, Credentials]
    """By what they open, ``backup`` or ``restore``: who may copy stores, and who may fill them."""
    bucket_keys: pulumi.Input[str] | None
    """The Secret of who stores copies in a bucket."""

    def door_secrets(self, namespace: str) -> dict[str, pulumi.Output[str]]:
        """Return the Secrets of the keys that ``namespace`` has."""
        return {
            purpose: key.secret_names[namespace]
            for purpose, key in self.door_keys.items()
            if namespace in key.secret_names
        }

    def kafka_login(self, user: str, namespace: str) -> KafkaLogin:
        """Return how a service in ``namespace`` logs in as ``user`` at Kafka."""
        return KafkaLogin(
            bootstrap=contract.KAFKA_SERVICES.address,
            secret=self.kafka_users[user].secret_names[namespace],
        )


def deploy_foundation(
    site: Site, secrets: Secrets, cloud: CloudLayer | None = None
) -> FoundationLayer:
    """Make the namespaces of the site's services and the credentials between them."""
    options = cluster_options(site, cloud)
    namespaces = {
        name: Namespace(name, NamespaceArgs(name=name, cluster=site.cluster), options).name
        for name in _namespaces(site)
    }
    return FoundationLayer(
        options=options,
        platform=Platform(cluster=site.cluster, images=site.images),
        namespaces=namespaces,
        users=_users(site, namespaces, options),
        broker_addresses=cloud.broker_addresses if cloud else (),
        brokers=_brokers(site, namespaces, options),
        kafka_users=_kafka_users(site, namespaces, options),
        signing=Credentials(
            "influxdb-signing",
            CredentialsArgs(
                namespaces=_copies(namespaces, contract.INFLUXDB.namespace),
                generated={"shared-secret": _TOKEN_LENGTH},
            ),
            options,
        ),
        chronograf_login=_login_secret(
            _CHRONOGRAF_LOGIN, site.timeseries.chronograf, secrets.chronograf, namespaces, options
        ),
        kafdrop_login=_login_secret(
            _KAFDROP_LOGIN, site.streaming.kafdrop, secrets.kafdrop, namespaces, options
        ),
        alert_urls=alert_keys(site, secrets, namespaces, options),
        door_keys=door_keys(site, namespaces, options),
        bucket_keys=bucket_keys(site, secrets, namespaces, options),
    )


def _namespaces(site: Site) -> list[str]:
    """Return the namespaces of the services that the site has."""
    return list(dict.fromkeys(workload.namespace for workload in site_workloads(site)))


def _copies(
    namespaces: Mapping[str, pulumi.Output[str]], *names: str
) -> dict[str, pulumi.Output[str]]:
    return {name: namespaces[name] for name in names}


def _users(
    site: Site,
    namespaces: Mapping[str, pulumi.Output[str]],
    options: pulumi.ResourceOptions,
) -> dict[str, Credentials]:
    """Generate a password for each InfluxDB user, with a copy where the user works."""
    workplaces = {
        "efdwriter": [
            *([contract.STREAMING_NAMESPACE] if site.streaming.connect else []),
            *([contract.TELEGRAF_NAMESPACE] if site.streaming.sinks("telegraf") else []),
        ],
        "telegraf": [contract.TELEGRAF_NAMESPACE],
        "kapacitor": [contract.KAPACITOR.namespace],
        "backup": [contract.BACKUP_NAMESPACE],
        "admin": [contract.BACKUP_NAMESPACE] if site.backup else [],
    }
    return {
        user: Credentials(
            f"influxdb-{user}",
            CredentialsArgs(
                namespaces=_copies(
                    namespaces, contract.INFLUXDB.namespace, *workplaces.get(user, [])
                ),
                values={"username": user},
                generated={"password": PASSWORD_LENGTH},
            ),
            options,
        )
        for user in influxdb_users(site)
    }


def _brokers(
    site: Site,
    namespaces: Mapping[str, pulumi.Output[str]],
    options: pulumi.ResourceOptions,
) -> KafkaLogin:
    namespace = contract.STREAMING_NAMESPACE
    credentials = broker_credentials(
        site.streaming.kafka.login_generation, _copies(namespaces, namespace), options
    )
    return KafkaLogin(
        bootstrap=contract.KAFKA_REPLICATION.address, secret=credentials.secret_names[namespace]
    )


def _kafka_users(
    site: Site,
    namespaces: Mapping[str, pulumi.Output[str]],
    options: pulumi.ResourceOptions,
) -> dict[str, Credentials]:
    """Generate each user's password, with copies for the brokers' Job and where a service works."""
    workplaces = {site_user(section): () for section in site.streaming.kafka.users} | {
        service.user: (service.namespace,) for service in service_users(site)
    }
    return {
        user.name: user_credentials(
            user, _copies(namespaces, contract.STREAMING_NAMESPACE, *names), options
        )
        for user, names in workplaces.items()
    }


@dataclass(frozen=True, kw_only=True)
class _Login:
    """How one page's Secret is called and keyed; the keys are those that the pages read."""

    name: str
    namespace: str
    id_key: str
    secret_key: str
    generated: Mapping[str, int]


_CHRONOGRAF_LOGIN = _Login(
    name="chronograf-login",
    namespace=contract.CHRONOGRAF.namespace,
    id_key="gh_client_id",
    secret_key="gh_client_secret",  # noqa: S106 -- a key, not a value
    generated={"token_secret": _TOKEN_LENGTH},
)
_KAFDROP_LOGIN = _Login(
    name="kafdrop-login",
    namespace=contract.KAFDROP.namespace,
    id_key="client-id",
    secret_key="client-secret",  # noqa: S106 -- a key, not a value
    generated={"cookie-secret": _COOKIE_KEY_LENGTH},
)


def _login_secret(
    login: _Login,
    page: ChronografSection | KafdropSection | None,
    application: GithubApplication | None,
    namespaces: Mapping[str, pulumi.Output[str]],
    options: pulumi.ResourceOptions,
) -> pulumi.Input[str] | None:
    """Return the name of the Secret that ``page`` logs in with, made here unless it exists."""
    if page is None or application is None:
        return page.login.secret if page else None
    args = CredentialsArgs(
        namespaces=_copies(namespaces, login.namespace),
        values={
            login.id_key: application.client_id,
            login.secret_key: application.client_secret,
        },
        generated=login.generated,
    )
    return Credentials(login.name, args, options).secret_names[login.namespace]
