"""Whether two Kafka clusters hold the same records: what replication promises."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from confluent_kafka import Message

from devkit.traffic.access import Kafka
from devkit.traffic.account import Faults
from devkit.traffic.framing import schema_of
from devkit.traffic.reading import records
from devkit.traffic.registry import Registry
from devkit.traffic.topics import Place, Topics

PATTERN = r"lsst\.sal\..*"
"""The topics of the observatory."""

SETTINGS = (
    "cleanup.policy",
    "compression.type",
    "max.message.bytes",
    "retention.bytes",
    "retention.ms",
)
"""Settings that are to be the same, where the source has set them on the topic itself."""


@dataclass
class Contents:
    """One partition as read: of each record a digest, in order, and its offset."""

    digests: "array[int]" = field(default_factory=lambda: array("q"))
    offsets: "array[int]" = field(default_factory=lambda: array("q"))


@dataclass
class TopicComparison:
    """One topic in both clusters."""

    topic: str
    source: int = 0
    """Records."""
    target: int = 0
    lacking: Faults = field(default_factory=Faults)
    """Records of the source that the target has not, or not as often."""
    surplus: Faults = field(default_factory=Faults)
    """Records of the target that the source has not, or not as often."""
    disorder: Faults = field(default_factory=Faults)
    """Partitions with the same records in another order."""
    shape: Faults = field(default_factory=Faults)
    """Partition counts and settings that differ."""

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not (self.lacking or self.surplus or self.disorder or self.shape)


@dataclass
class Comparison:
    """All topics in both clusters, and their schemas."""

    topics: dict[str, TopicComparison] = field(default_factory=dict)
    only_in_source: list[str] = field(default_factory=list)
    only_in_target: list[str] = field(default_factory=list)
    schemas: set[int] = field(default_factory=set)
    """Ids found in records of either cluster."""
    unlike: Faults = field(default_factory=Faults)
    """Ids that do not mean the same schema in both registries."""

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        topics = all(topic.equal for topic in self.topics.values())
        return topics and not (self.only_in_source or self.only_in_target or self.unlike)

    def lines(self) -> list[str]:
        """What a person reads."""
        source = sum(topic.source for topic in self.topics.values())
        target = sum(topic.target for topic in self.topics.values())
        first = (
            f"{len(self.topics)} topics in both clusters with {source} and {target} records, "
            f"{len(self.schemas)} schemas: {'equal' if self.equal else 'not equal'}"
        )
        lines = [first]
        lines += [f"  only in the source: {name}" for name in self.only_in_source]
        lines += [f"  only in the target: {name}" for name in self.only_in_target]
        lines += [f"  schema {example}" for example in self.unlike.examples]
        for topic in self.topics.values():
            for name in ("lacking", "surplus", "disorder", "shape"):
                faults: Faults = getattr(topic, name)
                lines += [f"  {topic.topic}: {name}: {example}" for example in faults.examples]
                if faults.count > len(faults.examples):
                    lines.append(f"  {topic.topic}: {name}: … {faults.count} in all")
        return lines


def compare(
    source: Kafka,
    target: Kafka,
    registries: tuple[Registry, Registry] | None = None,
    pattern: str = PATTERN,
    settings: Sequence[str] = SETTINGS,
) -> Comparison:
    """Compare every record up to the present ends of the topics.

    Give `registries` (of source and target) to compare what the schema ids mean. Stop the producers
    and let replication come to rest first: a record on its way counts as lacking.
    """
    here, there = Topics(source), Topics(target)
    # The target first: what it has, the source has had before.
    target_partitions, target_spans = _snapshot(there, pattern)
    source_partitions, source_spans = _snapshot(here, pattern)
    both = [name for name in source_partitions if name in target_partitions]
    found = Comparison(
        {name: TopicComparison(name) for name in both},
        sorted(source_partitions.keys() - target_partitions.keys()),
        sorted(target_partitions.keys() - source_partitions.keys()),
    )
    compare_shapes(
        found,
        (source_partitions, target_partitions),
        (here.settings(both), there.settings(both)),
        settings,
    )
    left = _read(source, _of(source_spans, both), found.schemas)
    right = _read(target, _of(target_spans, both), found.schemas)
    for place in sorted(left.keys() | right.keys()):
        compare_partition(
            found.topics[place[0]],
            place[1],
            left.get(place, Contents()),
            right.get(place, Contents()),
        )
    if registries:
        compare_schemas(found, registries)
    return found


def compare_partition(
    topic: TopicComparison, partition: int, source: Contents, target: Contents
) -> None:
    """Enter how one partition differs."""
    topic.source += len(source.digests)
    topic.target += len(target.digests)
    if source.digests == target.digests:
        return
    lacking = Counter(source.digests) - Counter(target.digests)
    surplus = Counter(target.digests) - Counter(source.digests)
    if not lacking and not surplus:
        differing = zip(source.digests, target.digests, source.offsets, strict=True)
        first = next(offset for one, two, offset in differing if one != two)
        topic.disorder.add(f"partition {partition} from offset {first} of the source")
    for contents, odd, faults in (
        (source, lacking, topic.lacking),
        (target, surplus, topic.surplus),
    ):
        # From the end, so that of equal records the later ones are the surplus.
        for digest, offset in zip(
            reversed(contents.digests), reversed(contents.offsets), strict=True
        ):
            if odd[digest] > 0:
                odd[digest] -= 1
                faults.add(f"partition {partition} offset {offset}")


def compare_shapes(
    found: Comparison,
    partitions: tuple[Mapping[str, int], Mapping[str, int]],
    own: tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]],
    settings: Iterable[str],
) -> None:
    """Enter how partition counts and settings differ."""
    for name, topic in found.topics.items():
        source, target = (each[name] for each in partitions)
        if source != target:
            topic.shape.add(f"{source} partitions, in the target {target}")
        for setting in settings:
            here, there = (each.get(name, {}).get(setting) for each in own)
            if here is not None and here != there:
                topic.shape.add(f"{setting}={here}, in the target {there}")


def compare_schemas(found: Comparison, registries: tuple[Registry, Registry]) -> None:
    """Enter which schema ids mean something else, or nothing, in one registry."""
    for schema in sorted(found.schemas):
        source, target = (registry.schema(schema) for registry in registries)
        if source is None or target is None:
            where = "the source's" if source is None else "the target's"
            found.unlike.add(f"{schema} is not in {where} registry")
        elif source != target:
            found.unlike.add(f"{schema} differs")


def digest(message: Message) -> int:
    """Key, value, headers and time stamp in 64 bits, comparable within this process.

    Two different records of a million have equal ones with a probability of 3 in 10^8.
    """
    headers = tuple(tuple(header) for header in message.headers() or ())
    return hash((message.key(), message.value(), headers, message.timestamp()[1]))


def _snapshot(topics: Topics, pattern: str) -> tuple[dict[str, int], dict[Place, tuple[int, int]]]:
    partitions = topics.partitions(pattern)
    places = [(name, n) for name, count in partitions.items() for n in range(count)]
    return partitions, topics.spans(places)


def _of(
    spans: Mapping[Place, tuple[int, int]], names: Sequence[str]
) -> dict[Place, tuple[int, int]]:
    wanted = set(names)
    return {place: span for place, span in spans.items() if place[0] in wanted}


def _read(
    kafka: Kafka, spans: Mapping[Place, tuple[int, int]], schemas: set[int]
) -> dict[Place, Contents]:
    contents = {place: Contents() for place in spans}
    for place, message in records(kafka, spans):
        of_place = contents[place]
        of_place.digests.append(digest(message))
        of_place.offsets.append(message.offset() or 0)
        schema = schema_of(message.value())
        if schema is not None:
            schemas.add(schema)
    return contents
