"""What a broker's store is formatted for, when it is new.

A ConfigMap of a fixed name, so that another release in it restarts no broker: those that have a
store never read it again. It is absent where the site does not choose.
"""

import pulumi

from efd_infra.components.foundation.config_map import lasting_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.volume import Volume, optional_config_volume
from efd_infra.config.contract import KAFKA_VIP
from efd_infra.config.values import KafkaRelease

FORMAT_DIR = "/etc/efd/kafka-format"
_NAME = f"{KAFKA_VIP.name}-format"


def format_files(
    logical_name: str, release: KafkaRelease | None, placement: Placement
) -> list[pulumi.Resource]:
    """Register the ConfigMap where there is something to say."""
    if release is None:
        return []
    return [lasting_files(logical_name, _NAME, {"release": release}, placement)]


def format_volume() -> Volume:
    """Return the volume of a broker."""
    return optional_config_volume("format", FORMAT_DIR, _NAME)
