"""Every image that there is."""

from devkit.images import (
    aggregator,
    connect,
    connect_manager,
    fetch,
    influxdb,
    kafka,
    pause,
    postgresql,
    schema_registry,
    telegraf,
)

IMAGES = (
    pause.IMAGE,
    fetch.IMAGE,
    postgresql.IMAGE,
    connect_manager.IMAGE,
    kafka.IMAGE,
    connect.IMAGE,
    aggregator.IMAGE,
    schema_registry.IMAGE,
    influxdb.IMAGE,
    telegraf.IMAGE,
)
"""Quick ones first: what is wrong with the machine shows before the long builds."""
