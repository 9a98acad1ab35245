"""Where a Java server finds its log settings: standard output, never files.

The images' own settings write log files, which a read-only root cannot hold and which would
fill any scratch volume.
"""

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.volume import Volume, config_volume

LOGGING_DIR = "/etc/efd/logging"
"""Holds the settings of both generations; a server reads the one it knows."""

LOG4J2_SETTINGS = f"{LOGGING_DIR}/log4j2.properties"

_FILES = ("log4j.properties", "log4j2.properties")


def log_settings_volume(logical_name: str, placement: Placement) -> Volume:
    """Register the log settings and return the volume that carries them."""
    files = {file: read_artifact(f"logging/{file}") for file in _FILES}
    config_map = config_files(f"{logical_name}-logging", files, placement)
    return config_volume("logging", LOGGING_DIR, config_map)
