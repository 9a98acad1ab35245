"""A door into a server's pod, for backup and restore: a companion that opens to who knows a key.

Its program is a file of its own, so that a change of what a backup does restarts no server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.probe import tcp_probes
from efd_infra.components.foundation.service import headless_service
from efd_infra.components.foundation.volume import Volume, config_volume, secret_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import ServiceAddress
from efd_infra.config.images import ImagesSection
from efd_infra.config.values import Cpu, Quantity

_PROGRAM_DIR = "/etc/efd/door"
_KEYS_DIR = "/etc/efd/keys"
_RESOURCES = Resources(
    cpu=Cpu("50m"), memory=Quantity("64Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where it answers, who has a key, and what is behind it."""

    address: ServiceAddress
    keys: Mapping[str, pulumi.Input[str]]
    """By what it opens, ``backup`` or ``restore``, the name of a Secret with the key ``key``."""
    images: ImagesSection
    env: Mapping[str, str]
    """What is behind it, as its program wants it."""
    store: Volume
    """The server's own."""


@dataclass(frozen=True, kw_only=True)
class Companions:
    """Containers of a server's pod."""

    before: Sequence[Container] = ()
    beside: Sequence[Container] = ()


def door_companions(logical_name: str, door: Door, placement: Placement) -> Companions:
    """Register the door's program and name; return the companions, none where nobody has a key.

    Where a file is behind it, a restore leaves another one, which takes its place before the server
    starts.
    """
    if not door.keys:
        return Companions()
    files = {"door.py": read_artifact("backup/door.py")}
    program = config_files(f"{logical_name}-program", files, placement)
    ports = {"door": door.address.port}
    headless_service(f"{logical_name}-service", door.address, ports, placement)
    volumes = [config_volume("door", _PROGRAM_DIR, program), door.store]
    command = ["python3", f"{_PROGRAM_DIR}/door.py"]
    keeper = Container(
        name="door",
        # It has Python; nothing else of it runs.
        image=door.images.connect_manager,
        command=command,
        env={"PORT": str(door.address.port), "KEYS_DIR": _KEYS_DIR, **door.env},
        ports=ports,
        volumes=[
            *volumes,
            *(
                secret_volume(f"key-{purpose}", f"{_KEYS_DIR}/{purpose}", door.keys[purpose])
                for purpose in sorted(door.keys)
            ),
        ],
        resources=_RESOURCES,
        probes=tcp_probes("door", start=120),
    )
    if "FILE" not in door.env:
        return Companions(beside=[keeper])
    adopting = Container(
        name="adopt",
        image=door.images.connect_manager,
        command=[*command, "adopt"],
        env=door.env,
        volumes=volumes,
        resources=_RESOURCES,
    )
    return Companions(before=[adopting], beside=[keeper])
