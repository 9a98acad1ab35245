"""Kafka as a component under test, and what tests look for in it."""

from typing import Any

import pulumi

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.kafka import Kafka, KafkaArgs
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from rendering.registration import Registration
from tests.support.full_site import changed, full_site
from tests.support.kafka_login import LOGIN

SERVER = "cp-helm-charts-cp-kafka"


def run_kafka(data: dict[str, Any]) -> Run:
    """Register the brokers of a site."""
    site = parse_site(data)

    def program() -> None:
        Kafka(
            "kafka",
            KafkaArgs(
                section=site.streaming.kafka,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="cp-helm-charts",
                login=LOGIN,
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def kafka_with(**changes: object) -> Run:
    """Register the brokers of the full site, some values of which are others."""
    data = full_site()
    for key, value in changes.items():
        data = changed(data, f"streaming.kafka.{key}", value)
    return run_kafka(data)


def server(result: Run) -> Registration:
    """Return the brokers' set."""
    return result.one("StatefulSet", SERVER)


def files(result: Run) -> list[dict[str, str]]:
    """Return the files of every ConfigMap."""
    return [config_map.inputs["data"] for config_map in result.of_kind("ConfigMap")]
