"""Kafka: the brokers, which are also the first controllers (KRaft, no ZooKeeper).

Owns the nodes, their stores and every way in. Stops before topics, which belong to producers,
and before users.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_kubernetes import apps, core

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.claim import claim, claim_template
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.digest import digest
from efd_infra.components.foundation.jmx_agent import JmxAgent, jmx_agent
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.log_settings import LOGGING_DIR, log_settings_volume
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, PodField
from efd_infra.components.foundation.store_watch import store_watch
from efd_infra.components.foundation.volume import Volume, config_volume, scratch_volume
from efd_infra.components.streaming.broker_certificate import (
    CERTIFICATE_FILES,
    BrokerCertificate,
    broker_certificate,
)
from efd_infra.components.streaming.broker_format import FORMAT_DIR, format_files, format_volume
from efd_infra.components.streaming.broker_gates import GATE_FILES, GRACE, gated
from efd_infra.components.streaming.broker_services import broker_services
from efd_infra.components.streaming.kafka_checks import KafkaChecks, KafkaChecksArgs
from efd_infra.config.contract import KAFKA_BROKERS, KAFKA_VIP
from efd_infra.config.kafka import KafkaSection
from efd_infra.config.values import Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.java import jvm_options
from efd_infra.manifests.kafka import (
    CONTROLLER_PORT,
    DATA_DIR,
    SETTINGS_DIR,
    claim_name,
    controller_properties,
    listener_table,
    server_properties,
)
from efd_infra.manifests.kafka_client import LOGIN_DIR

_USER = 1000
"""``appuser`` of Apache Kafka's image."""
_CLUSTER_ID_BYTES = 16
"""A KRaft cluster is named by a UUID in URL-safe Base64: 22 characters."""
_STORE = Volume(name="data", path=DATA_DIR, read_only=False)
_CHANGE = "6h"
"""For a change of all brokers to come to its end: the next one waits until the last has caught up,
which takes as long as the site's records take. A run that gives up stops nothing."""


@dataclass(frozen=True, kw_only=True)
class KafkaArgs:
    """What Kafka needs besides its section of the site."""

    section: KafkaSection
    platform: Platform
    namespace: pulumi.Input[str]
    login: KafkaLogin
    """How the brokers log in with each other."""
    addresses: Sequence[pulumi.Input[str]] = ()
    """Reserved for the brokers' load balancers; none: those of the section, if it names any."""


class Kafka(pulumi.ComponentResource):
    """The brokers at their in-cluster names, and on node ports where the site has them."""

    bootstrap: pulumi.Output[str]
    """Where clients inside the cluster begin."""
    server: apps.v1.StatefulSet

    def __init__(
        self, name: str, args: KafkaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:Kafka", name, {}, opts)
        identity = workloads.KAFKA.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        agent = jmx_agent(name, "jmx/kafka.yaml", KAFKA_VIP, args.platform, self._placement)
        self._settings = self._settings_volume(name, args.section)
        certificate = broker_certificate(
            name, args.section, args.platform, [self._settings, args.login.volume], self._placement
        )
        node = self._node(name, args, agent, certificate)
        companions = [agent.init_container, *([certificate.container] if certificate else [])]
        after = [
            *self._stores(name, args),
            *format_files(f"{name}-format", args.section.metadata_version, self._placement),
            *(certificate.after if certificate else ()),
        ]
        self.server = self._server(name, args, companions, node, after)
        broker_services(name, args.section, self._placement, args.addresses)
        self.bootstrap = pulumi.Output.from_input(KAFKA_BROKERS.address)
        self.register_outputs({"bootstrap": self.bootstrap})

    def _node(
        self,
        name: str,
        args: KafkaArgs,
        agent: JmxAgent,
        certificate: BrokerCertificate | None,
    ) -> Container:
        section = args.section
        logging = log_settings_volume(name, self._placement)
        container = Container(
            name="kafka",
            image=args.platform.images.kafka,
            command=["/bin/sh", f"{SETTINGS_DIR}/start.sh"],
            args=jvm_options(section.heap, LOGGING_DIR),
            env={
                **agent.env,
                "CLUSTER_ID": self._cluster_id(name),
                "CONTROLLERS": str(section.controllers),
                "CONTROLLER_PORT": str(CONTROLLER_PORT),
                "FORMAT_DIR": FORMAT_DIR,
                "LOGIN_DIR": LOGIN_DIR,
                "POD_NAME": PodField("metadata.name"),
            },
            ports={
                **{listener.name.lower(): listener.port for listener in section.listeners},
                "controller": CONTROLLER_PORT,
                **agent.ports,
            },
            volumes=[
                self._settings,
                args.login.volume,
                format_volume(),
                logging,
                _STORE,
                scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- the pod's own
                *agent.volumes,
                *([certificate.keystore] if certificate else []),
            ],
            resources=section.resources,
        )
        return gated(container, SETTINGS_DIR)

    def _cluster_id(self, name: str) -> pulumi.Output[str]:
        return random.RandomId(
            f"{name}-cluster-id", byte_length=_CLUSTER_ID_BYTES, opts=self._placement.child
        ).b64_url

    def _settings_volume(self, name: str, section: KafkaSection) -> Volume:
        files = {
            "start.sh": read_artifact("kafka/start.sh"),
            "server.properties": server_properties(section),
            "controller.properties": controller_properties(section),
            "listeners": listener_table(section.listeners),
            **{path.rpartition("/")[2]: read_artifact(path) for path in GATE_FILES},
        }
        if section.external:
            files |= {path.rpartition("/")[2]: read_artifact(path) for path in CERTIFICATE_FILES}
        config_map = config_files(f"{name}-settings", files, self._placement)
        return config_volume("settings", SETTINGS_DIR, config_map)

    def _server(
        self,
        name: str,
        args: KafkaArgs,
        companions: list[Container],
        node: Container,
        after: list[pulumi.Resource],
    ) -> apps.v1.StatefulSet:
        section = args.section
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=companions,
            containers=[
                node,
                store_watch(
                    KAFKA_VIP, _STORE, f"{_STORE.name}-{{pod}}", args.platform, self._placement
                ),
            ],
            user=_USER,
            grace=GRACE,
            node_labels=dict[str, str](section.node_labels.items()),
            # Evenly, whatever the numbers of brokers and nodes: a rule that depended on them
            # would restart every broker when one is added.
            spread=True,
        )
        template = pod.template()
        checks = self._checks(name, args, template)
        return apps.v1.StatefulSet(
            f"{name}-server",
            metadata=self._placement.metadata(KAFKA_VIP.name),
            spec=apps.v1.StatefulSetSpecArgs(
                service_name=KAFKA_BROKERS.name,
                replicas=section.brokers,
                selector=self._placement.selector,
                # All at once at first: no node is ready before a majority votes.
                pod_management_policy="Parallel",
                template=template,
                volume_claim_templates=[claim_template(_STORE.name)],
            ),
            # A pod that comes before its claim would get one of the template's size.
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*after, *checks],
                custom_timeouts=pulumi.CustomTimeouts(
                    create=_CHANGE, update=_CHANGE, delete=f"{GRACE + 60}s"
                ),
            ),
        )

    def _checks(
        self, name: str, args: KafkaArgs, template: core.v1.PodTemplateSpecArgs
    ) -> list[pulumi.Resource]:
        if not args.section.checked_changes:
            return []
        checks = KafkaChecks(
            f"{name}-checks",
            KafkaChecksArgs(
                section=args.section,
                platform=args.platform,
                namespace=args.namespace,
                login=args.login,
                pods=digest(template),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return checks.jobs

    def _stores(self, name: str, args: KafkaArgs) -> list[pulumi.Resource]:
        return [
            claim(
                f"{name}-store-{node}",
                claim_name(node, _STORE.name),
                args.section.storage,
                args.platform.cluster,
                self._placement,
            )
            for node in range(args.section.brokers)
        ]
