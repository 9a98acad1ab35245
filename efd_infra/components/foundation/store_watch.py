"""What tells how much room a store has: a container beside the server whose store it is."""

from dataclasses import replace

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import headless_service
from efd_infra.components.foundation.volume import Volume, config_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import STORE_PORT, ServiceAddress, store_service
from efd_infra.config.values import Cpu, Quantity

_SCRIPT_DIR = "/etc/efd/store"
_SCRIPT = "room.py"
_STORE_DIR = "/store"
_PORTS = {"store": STORE_PORT}


def store_watch(
    address: ServiceAddress, store: Volume, claim: str, platform: Platform, placement: Placement
) -> Container:
    """Register the script and the scrape Service behind ``address``; return the container.

    ``claim`` is the name of the store's claim, with ``{pod}`` in the place of the pod's name.
    It is no sidecar that starts first: without it, nothing is missing but figures.
    """
    name = placement.identity.instance
    files = {_SCRIPT: read_artifact(f"store/{_SCRIPT}")}
    script = config_files(f"{name}-store-script", files, placement)
    headless_service(f"{name}-store", store_service(address), _PORTS, placement)
    return Container(
        name="store",
        # It has Python; the manager itself does not run.
        image=platform.images.connect_manager,
        command=["python3", f"{_SCRIPT_DIR}/{_SCRIPT}"],
        env={"CLAIM": claim, "PORT": str(STORE_PORT), "STORE": _STORE_DIR},
        ports=_PORTS,
        volumes=[
            config_volume("store-script", _SCRIPT_DIR, script),
            replace(store, path=_STORE_DIR, read_only=True),
        ],
        resources=Resources(
            cpu=Cpu("10m"),
            memory=Quantity("32Mi"),
            cpu_limit=Cpu("100m"),
            memory_limit=Quantity("64Mi"),
        ),
        probes=http_probes("store", ready="/ready", start=60),
    )
