"""Pods under the restricted Pod Security Standard: the one way in which containers are made.

Restricted, read-only and without a service account token is what every pod here gets; a
component says only what is its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes import core, meta

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.probe import Probes
from efd_infra.components.foundation.volume import Volume
from efd_infra.config.cluster import Resources
from efd_infra.config.images import ImagesSection
from efd_infra.config.values import Image
from efd_infra.manifests.labels import Identity


@dataclass(frozen=True, kw_only=True)
class SecretValue:
    """One key of a Secret as an environment variable, for software that reads no file."""

    secret: pulumi.Input[str]
    key: str


@dataclass(frozen=True)
class PodField:
    """A fact that only the running pod knows, such as ``status.podIP``."""

    path: str


@dataclass(frozen=True, kw_only=True)
class Container:
    """What one container runs; the rest is the same for all."""

    name: str
    image: Image
    resources: Resources
    command: Sequence[str] | None = None
    args: Sequence[pulumi.Input[str]] | None = None
    env: Mapping[str, pulumi.Input[str] | SecretValue | PodField] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    volumes: Sequence[Volume] = ()
    probes: Probes | None = None
    before_stop: Sequence[str] | None = None
    """A command that runs, in the time that the pod has to stop, before the server is told to."""
    last_words: bool = False
    """Whether the end of its log is kept as the reason of its failure."""
    restart_policy: str | None = None
    """``Always`` makes an init container one that runs as long as the pod, from before its main
    containers start until after they have stopped."""

    def build(self, images: ImagesSection) -> core.v1.ContainerArgs:
        """Return the container, restricted."""
        return core.v1.ContainerArgs(
            name=self.name,
            image=self.image,
            image_pull_policy=images.pull_policy,
            # What a Job says last is then part of what `pulumi up` says of its failure.
            termination_message_policy="FallbackToLogsOnError" if self.last_words else None,
            command=self.command,
            args=self.args,
            env=[_variable(name, self.env[name]) for name in sorted(self.env)],
            ports=[
                core.v1.ContainerPortArgs(name=name, container_port=port)
                for name, port in self.ports.items()
            ],
            resources=core.v1.ResourceRequirementsArgs(
                requests={"cpu": self.resources.cpu, "memory": self.resources.memory},
                limits={"cpu": self.resources.cpu_limit, "memory": self.resources.memory_limit},
            ),
            volume_mounts=[volume.mount() for volume in self.volumes],
            startup_probe=self.probes.startup if self.probes else None,
            readiness_probe=self.probes.readiness if self.probes else None,
            liveness_probe=self.probes.liveness if self.probes else None,
            lifecycle=_lifecycle(self.before_stop),
            restart_policy=self.restart_policy,
            security_context=core.v1.SecurityContextArgs(
                allow_privilege_escalation=False,
                capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
                read_only_root_filesystem=True,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A pod template: containers, who they run as, and where."""

    identity: Identity
    platform: Platform
    containers: Sequence[Container]
    user: int
    """The image's own unprivileged user; also the group that owns the volumes."""
    init_containers: Sequence[Container] = ()
    grace: int = 30
    """Seconds between the request to stop and the kill."""
    node_labels: Mapping[str, str] = field(default_factory=dict)
    spread: bool | None = None
    """True: never two on one node; False: preferably not; None: a single pod."""
    together: bool = False
    """Whether all pods of this software run on one node: they share a volume that one can have."""
    restart_policy: str = "Always"

    def template(self) -> core.v1.PodTemplateSpecArgs:
        """Return the template for a workload's ``spec.template``."""
        containers = (*self.init_containers, *self.containers)
        images, logs = self.platform.images, self.platform.cluster.logs
        volumes = {volume.name: volume for c in containers for volume in c.volumes}
        return core.v1.PodTemplateSpecArgs(
            metadata=meta.v1.ObjectMetaArgs(
                labels=self.identity.labels,
                annotations={str(key): text for key, text in logs.annotations.items()}
                if logs
                else None,
            ),
            spec=core.v1.PodSpecArgs(
                containers=[container.build(images) for container in self.containers],
                init_containers=[container.build(images) for container in self.init_containers],
                volumes=[spec for v in volumes.values() if (spec := v.spec()) is not None],
                security_context=core.v1.PodSecurityContextArgs(
                    run_as_non_root=True,
                    run_as_user=self.user,
                    run_as_group=self.user,
                    fs_group=self.user,
                    fs_group_change_policy="OnRootMismatch",
                    seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
                ),
                automount_service_account_token=False,
                # Service links put one variable per Service into each container, and Kafka's
                # and Kapacitor's images take some of those for their own settings.
                enable_service_links=False,
                termination_grace_period_seconds=self.grace,
                restart_policy=self.restart_policy,
                node_selector=dict(self.node_labels) or None,
                affinity=self._affinity(),
                topology_spread_constraints=self._spread_constraints(),
            ),
        )

    def _affinity(self) -> core.v1.AffinityArgs | None:
        if not self.together:
            return None
        name = "app.kubernetes.io/name"
        labels = meta.v1.LabelSelectorArgs(match_labels={name: self.identity.selector[name]})
        term = core.v1.PodAffinityTermArgs(
            topology_key="kubernetes.io/hostname", label_selector=labels
        )
        return core.v1.AffinityArgs(
            pod_affinity=core.v1.PodAffinityArgs(
                required_during_scheduling_ignored_during_execution=[term]
            )
        )

    def _spread_constraints(self) -> list[core.v1.TopologySpreadConstraintArgs] | None:
        if self.spread is None:
            return None
        return [
            core.v1.TopologySpreadConstraintArgs(
                max_skew=1,
                topology_key="kubernetes.io/hostname",
                when_unsatisfiable="DoNotSchedule" if self.spread else "ScheduleAnyway",
                label_selector=meta.v1.LabelSelectorArgs(match_labels=self.identity.selector),
            )
        ]


def _lifecycle(before_stop: Sequence[str] | None) -> core.v1.LifecycleArgs | None:
    if before_stop is None:
        return None
    action = core.v1.ExecActionArgs(command=before_stop)
    return core.v1.LifecycleArgs(pre_stop=core.v1.LifecycleHandlerArgs(exec_=action))


def _variable(name: str, value: pulumi.Input[str] | SecretValue | PodField) -> core.v1.EnvVarArgs:
    if isinstance(value, SecretValue):
        key = core.v1.SecretKeySelectorArgs(name=value.secret, key=value.key)
        source = core.v1.EnvVarSourceArgs(secret_key_ref=key)
    elif isinstance(value, PodField):
        field_ref = core.v1.ObjectFieldSelectorArgs(field_path=value.path)
        source = core.v1.EnvVarSourceArgs(field_ref=field_ref)
    else:
        return core.v1.EnvVarArgs(name=name, value=value)
    return core.v1.EnvVarArgs(name=name, value_from=source)
