"""Topics of a Kafka cluster: created by their producer as ts_salkafka does, and looked at."""

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicPartition

# These are documented there, but the package has no __all__ that would say so.
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,  # pyright: ignore[reportPrivateImportUsage]
    ConfigSource,  # pyright: ignore[reportPrivateImportUsage]
    OffsetSpec,  # pyright: ignore[reportPrivateImportUsage]
    ResourceType,  # pyright: ignore[reportPrivateImportUsage]
)
from confluent_kafka.cimpl import NewTopic

from devkit.errors import DevkitError
from devkit.traffic.access import Kafka

PATIENCE = 60.0
"""Seconds for the cluster to answer."""

Place = tuple[str, int]
"""A topic and the number of one of its partitions."""


class Topics:
    """The topics of one cluster."""

    def __init__(self, kafka: Kafka) -> None:
        """Connect when first asked."""
        self._kafka = kafka
        self._trouble = ""
        self._refused = False
        settings: dict[str, Any] = kafka.settings | {"error_cb": self._note}
        self._admin = AdminClient(settings)

    def create(self, names: Sequence[str], partitions: int, replication: int) -> int:
        """Create the topics that are not there; how many were not."""
        wanted = [NewTopic(name, partitions, replication) for name in names]
        created = 0
        for name, done in self._admin.create_topics(wanted, request_timeout=PATIENCE).items():
            try:
                self._awaited(done)
                created += 1
            except KafkaException as error:
                reason = error.args[0]
                if reason.code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise self._error(f"the topic {name} cannot be created", error) from error
        return created

    def partitions(self, pattern: str) -> dict[str, int]:
        """Number of partitions of each topic whose whole name matches the regular expression."""
        try:
            found = self._admin.list_topics(timeout=PATIENCE).topics
        except KafkaException as error:
            raise self._error("there is no list of topics", error) from error
        return {
            name: len(topic.partitions)
            for name, topic in sorted(found.items())
            if re.fullmatch(pattern, name)
        }

    def spans(self, places: Iterable[Place]) -> dict[Place, tuple[int, int]]:
        """First offset of each partition, and the one after its last."""
        wanted = list(places)
        first = self._offsets(wanted, OffsetSpec.earliest())  # type: ignore[no-untyped-call]
        end = self._offsets(wanted, OffsetSpec.latest())  # type: ignore[no-untyped-call]
        return {place: (first[place], end[place]) for place in wanted}

    def settings(self, names: Iterable[str]) -> dict[str, dict[str, str]]:
        """What is set on each topic itself; brokers' defaults are theirs."""
        resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
        if not resources:
            return {}
        asked = self._admin.describe_configs(resources, request_timeout=PATIENCE)
        own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
        return {
            resource.name: {
                name: entry.value
                for name, entry in self._result(answer).items()
                if entry.source == own
            }
            for resource, answer in asked.items()
        }

    def _offsets(self, places: Sequence[Place], spec: Any) -> dict[Place, int]:
        if not places:
            return {}
        wanted = {TopicPartition(*place): spec for place in places}
        asked = self._admin.list_offsets(wanted, request_timeout=PATIENCE)
        return {
            (place.topic, place.partition): self._result(answer).offset
            for place, answer in asked.items()
        }

    def _result(self, answer: Future[Any]) -> Any:
        try:
            return self._awaited(answer)
        except KafkaException as error:
            raise self._error("there is no answer about topics", error) from error

    def _awaited(self, answer: Future[Any]) -> Any:
        """The result, but not a minute's wait for one who is not let in."""
        while not answer.done() and not self._refused:
            self._admin.poll(0.1)
        if not answer.done():
            raise DevkitError(
                f"{self._kafka.bootstrap} refuses {self._kafka.user or 'us'}: {self._trouble}",
                "check user and password",
            )
        return answer.result()

    def _note(self, error: KafkaError) -> None:
        """Keep what the connections meet: an answer that never came says only that."""
        if error.code() != KafkaError._ALL_BROKERS_DOWN:  # noqa: SLF001 - its public name
            self._trouble = error.str()
            self._refused |= error.code() == KafkaError._AUTHENTICATION  # noqa: SLF001 - as above

    def _error(self, what: str, error: KafkaException) -> DevkitError:
        reason = error.args[0].str()
        before = f" ({self._trouble})" if self._trouble else ""
        return DevkitError(
            f"{what}: {reason}{before}",
            f"check the brokers ({self._kafka.bootstrap}), the user's rights and the replication "
            "factor",
        )
