"""Volumes: what a container finds at a path, and where it comes from."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core

from efd_infra.config.cluster import ClusterSection, Storage
from efd_infra.config.values import Quantity


@dataclass(frozen=True, kw_only=True)
class Volume:
    """One volume and its mount; ``source`` is absent for a claim template's volume."""

    name: str
    path: str
    source: core.v1.VolumeArgs | None = None
    read_only: bool = True

    def mount(self) -> core.v1.VolumeMountArgs:
        """Return the mount for a container."""
        # The API server drops a false; written out, each refresh would report it as drift.
        read_only = True if self.read_only else None
        return core.v1.VolumeMountArgs(name=self.name, mount_path=self.path, read_only=read_only)

    def spec(self) -> core.v1.VolumeArgs | None:
        """Return the volume for a pod."""
        return self.source


def config_volume(name: str, path: str, config_map: pulumi.Input[str], mode: int = 0o444) -> Volume:
    """Files of a ConfigMap."""
    source = core.v1.ConfigMapVolumeSourceArgs(name=config_map, default_mode=mode)
    return Volume(name=name, path=path, source=core.v1.VolumeArgs(name=name, config_map=source))


def optional_config_volume(name: str, path: str, config_map: str) -> Volume:
    """Files of a ConfigMap that may be absent: the folder is empty then."""
    source = core.v1.ConfigMapVolumeSourceArgs(name=config_map, optional=True, default_mode=0o444)
    return Volume(name=name, path=path, source=core.v1.VolumeArgs(name=name, config_map=source))


def secret_volume(name: str, path: str, secret: pulumi.Input[str]) -> Volume:
    """Files of a Secret; readable by the pod's group only."""
    source = core.v1.SecretVolumeSourceArgs(secret_name=secret, default_mode=0o440)
    return Volume(name=name, path=path, source=core.v1.VolumeArgs(name=name, secret=source))


def merged_volume(
    name: str, path: str, secret: pulumi.Input[str], config_map: pulumi.Input[str] | None
) -> Volume:
    """Files of a Secret and of a ConfigMap in one folder; readable by the pod's group only."""
    sources = [core.v1.VolumeProjectionArgs(secret=core.v1.SecretProjectionArgs(name=secret))]
    if config_map is not None:
        files = core.v1.ConfigMapProjectionArgs(name=config_map)
        sources.append(core.v1.VolumeProjectionArgs(config_map=files))
    projected = core.v1.ProjectedVolumeSourceArgs(default_mode=0o440, sources=sources)
    return Volume(name=name, path=path, source=core.v1.VolumeArgs(name=name, projected=projected))


def claim_volume(name: str, path: str, claim: pulumi.Input[str]) -> Volume:
    """A persistent volume claim."""
    source = core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)
    return Volume(
        name=name,
        path=path,
        source=core.v1.VolumeArgs(name=name, persistent_volume_claim=source),
        read_only=False,
    )


def scratch_volume(name: str, path: str, size: Quantity) -> Volume:
    """An empty directory that lives as long as the pod, of bounded size."""
    source = core.v1.EmptyDirVolumeSourceArgs(size_limit=size)
    return Volume(
        name=name,
        path=path,
        source=core.v1.VolumeArgs(name=name, empty_dir=source),
        read_only=False,
    )


def ephemeral_volume(name: str, path: str, storage: Storage, cluster: ClusterSection) -> Volume:
    """A volume of its own that comes and goes with the pod, for what no node's disk may hold."""
    template = core.v1.PersistentVolumeClaimTemplateArgs(
        spec=core.v1.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=storage.storage_class or cluster.storage_class,
            resources=core.v1.VolumeResourceRequirementsArgs(requests={"storage": storage.size}),
        )
    )
    source = core.v1.EphemeralVolumeSourceArgs(volume_claim_template=template)
    return Volume(
        name=name,
        path=path,
        source=core.v1.VolumeArgs(name=name, ephemeral=source),
        read_only=False,
    )
