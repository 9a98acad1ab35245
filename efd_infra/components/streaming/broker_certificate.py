"""What keeps a broker's certificate: it is there before the broker, and renewed while it runs.

Owns the companion of the broker in its pod, and the file between the two. Stops before who fills
and renews the Secret that holds the certificate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi

from efd_infra.components.foundation.certificate import host_certificate
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, PodField, SecretValue
from efd_infra.components.foundation.probe import exec_probes
from efd_infra.components.foundation.volume import Volume, scratch_volume, secret_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import KAFKA_VIP
from efd_infra.config.kafka import ExternalListener, KafkaSection
from efd_infra.config.listener import REPLICATION
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests.kafka import KEYSTORE, KEYSTORE_DIR, SETTINGS_DIR
from efd_infra.manifests.kafka_admin import TOOL_JVM, access_environment

CERTIFICATE_FILES = ("kafka/certificate.sh", "kafka/certificate.awk")
"""The artifacts that must be in the broker's settings."""

_CERTIFICATE_DIR = "/etc/efd/certificate"
_PERIOD = 30
"""Seconds between two looks at the files; the kubelet renews them each minute or so."""
_RESOURCES = Resources(
    cpu=Cpu("10m"), memory=Quantity("32Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)
"""A shell; for the seconds after a renewal one JVM at a time, which takes some 130 MiB."""


@dataclass(frozen=True, kw_only=True)
class BrokerCertificate:
    """The companion, and what it and the broker share."""

    container: Container
    """To be among the pod's init containers: it runs as long as the pod."""
    keystore: Volume
    """For the broker, which reads it."""
    after: Sequence[pulumi.Resource]
    """What must be there before the pod is."""


def broker_certificate(
    name: str,
    section: KafkaSection,
    platform: Platform,
    volumes: Sequence[Volume],
    placement: Placement,
) -> BrokerCertificate | None:
    """Return what keeps the certificate of the brokers' external listener, if they have one.

    ``volumes`` are those with the broker's settings and login.
    """
    if section.external is None:
        return None
    certificate = host_certificate(
        f"{name}-certificate",
        KAFKA_VIP.name,
        section.external_hosts,
        platform.cluster.certificate,
        placement,
    )
    keystore = scratch_volume("keystore", KEYSTORE_DIR, Quantity("1Mi"))
    container = Container(
        name="certificate",
        image=platform.images.kafka,
        command=["/bin/sh", f"{SETTINGS_DIR}/certificate.sh"],
        args=TOOL_JVM,
        env=_environment(section.external),
        volumes=[
            *volumes,
            keystore,
            secret_volume("certificate", _CERTIFICATE_DIR, certificate.secret),
        ],
        resources=_RESOURCES,
        probes=exec_probes(["test", "-s", KEYSTORE], start=60, period=60),
        restart_policy="Always",
    )
    return BrokerCertificate(
        container=container,
        keystore=replace(keystore, read_only=True),
        after=certificate.after,
    )


def _environment(
    external: ExternalListener,
) -> dict[str, pulumi.Input[str] | SecretValue | PodField]:
    # Nothing here depends on the number of brokers: one more must restart none.
    return {
        **access_environment(f"localhost:{REPLICATION.port}", SETTINGS_DIR),
        "BOOTSTRAP_HOST": external.bootstrap,
        "CERTIFICATE_DIR": _CERTIFICATE_DIR,
        "KEYSTORE": KEYSTORE,
        "LISTENER": external.listener.name,
        "PERIOD": str(_PERIOD),
        "POD_NAME": PodField("metadata.name"),
    }
