"""Rules of long-term storage."""

from collections.abc import Iterator

from efd_infra.config.aggregation import AGGREGATOR_DEAD_LETTERS
from efd_infra.config.archive import (
    DATABASE_PLUGIN,
    PARQUET_PLUGIN,
    PART_BYTES,
    DatabaseSinkSection,
    ParquetSinkSection,
)
from efd_infra.config.connect import ConnectSection
from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site

_PATH = "archive.parquet"
_SHARE = 0.5
"""Of a worker's heap, for parts of files: the other half is for records on their way, the other
connectors, and parts that are sent and not yet collected."""
_OPEN_FILES = 1
"""Of a partition, at a time: a record of another hour completes the file of the hour before it
(confluentinc/kafka-connect-storage-cloud, ``TopicPartitionWriter``, as long as
``rotate.interval.ms`` is set)."""
_TWICE = ", records and statistics"
_MIB = 2**20


def archives_have_a_worker(site: Site) -> Iterator[Mistake]:
    """A connector runs on Connect's workers, and their image does not have these."""
    connect = site.streaming.connect
    files = [plugin.file_name for plugin in connect.plugins] if connect else []
    told: set[str] = set()
    for path, sink, plugin in _sinks(site):
        if connect is None:
            if site.streaming.sinks("connect"):
                return  # which say so themselves
            because = f"a section, {{}} for its defaults, because {path} is written by a connector"
            yield Mistake("streaming.connect", "nothing", because)
            return
        if plugin not in told and not any(file.startswith(plugin) for file in files):
            told.add(plugin)
            yield Mistake(
                "streaming.connect.plugins",
                ", ".join(files) or "none",
                f"a plugin whose file is named {plugin}\N{HORIZONTAL ELLIPSIS}, because "
                f"{path} needs it",
            )
        if sink.aggregated and site.streaming.aggregation is None:
            because = f"a section, {{}} for its defaults, because {path} writes statistics"
            yield Mistake("streaming.aggregation", "nothing", because)


def connectors_have_names_of_their_own(site: Site) -> Iterator[Mistake]:
    """Two connectors of one name would be one."""
    taken = [sink.name for sink in site.streaming.connectors]
    for path, sink, _ in _sinks(site):
        if sink.name in taken:
            yield Mistake(f"{path}.name", sink.name, "a name that no other sink has")
        taken.append(sink.name)


def archives_read_no_dead_letters(site: Site) -> Iterator[Mistake]:
    """A sink that reads what it cannot read writes it again, and reads it again, for ever."""
    letters = [sink.dead_letter_topic for sink in site.connect_sinks]
    letters += [AGGREGATOR_DEAD_LETTERS] if site.streaming.aggregation else []
    for path, sink, _ in _sinks(site):
        if taken := [topic for topic in letters if sink.read.matches(topic)]:
            yield Mistake(
                f"{path}.topics",
                sink.topics,
                f"a pattern that does not match the topic of dead letters {taken[0]}",
            )


def open_files_fit_the_heap(site: Site) -> Iterator[Mistake]:
    """Each open file has a part in memory, and a lost worker's files go to those that remain."""
    parquet, connect = _parquet(site), site.streaming.connect
    if parquet is None or connect is None:
        return
    kinds = len(parquet.connectors)
    files = kinds * _files_of_a_worker(parquet, connect)
    needed = files * PART_BYTES
    if needed > connect.heap.bytes * _SHARE:
        yield Mistake(
            "streaming.connect.heap",
            connect.heap,
            f"at least {_mib(needed / _SHARE)}: {_PATH} keeps {files} files open in a worker while "
            f"another is lost ({parquet.partitions} partitions in {parquet.tasks} tasks, "
            f"{_remaining(connect)} workers{_TWICE if kinds > 1 else ''}), with parts of "
            f"{PART_BYTES // _MIB}Mi together {_mib(needed)}, and may take {_SHARE:.0%} of the "
            "heap; or more tasks and workers",
        )


def the_bucket_has_nothing_else(site: Site) -> Iterator[Mistake]:
    """Whoever takes backups may remove files from their bucket."""
    parquet = _parquet(site)
    copies = site.backup.bucket if site.backup else None
    if parquet and copies and parquet.bucket == copies.name:
        yield Mistake(
            f"{_PATH}.bucket",
            parquet.bucket,
            "another than backup.bucket.name, from which old copies are removed",
        )


def _sinks(site: Site) -> Iterator[tuple[str, ParquetSinkSection | DatabaseSinkSection, str]]:
    """Yield each of the archive's sinks, where it stands, and how its plugin's file is named."""
    if site.archive and site.archive.parquet:
        yield from ((_PATH, sink, PARQUET_PLUGIN) for sink in site.archive.parquet.connectors)
    if site.archive and site.archive.database:
        yield "archive.database", site.archive.database, DATABASE_PLUGIN


def _parquet(site: Site) -> ParquetSinkSection | None:
    return site.archive.parquet if site.archive else None


def _files_of_a_worker(parquet: ParquetSinkSection, connect: ConnectSection) -> int:
    """Return how many files a worker has open at most, as Connect shares tasks evenly."""
    tasks = min(parquet.tasks, parquet.partitions)
    of_a_task = _ceil(parquet.partitions, tasks)
    return min(parquet.partitions, _ceil(tasks, _remaining(connect)) * of_a_task) * _OPEN_FILES


def _remaining(connect: ConnectSection) -> int:
    return max(1, connect.replicas - 1)


def _ceil(number: int, of: int) -> int:
    return -(-number // of)


def _mib(size: float) -> str:
    return f"{_ceil(int(size), _MIB)}Mi"


RULES = (
    archives_have_a_worker,
    connectors_have_names_of_their_own,
    archives_read_no_dead_letters,
    open_files_fit_the_heap,
    the_bucket_has_nothing_else,
)
