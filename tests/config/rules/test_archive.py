"""Rules of long-term storage."""

from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes

_PATH = "archive.parquet"


def _site() -> dict[str, Any]:
    return without(full_site(), "archive.database")


def _said(key: str, value: Any) -> dict[str, Any]:
    return changed(_site(), f"{_PATH}.{key}", value)


def test_the_full_site_s_archive_is_accepted() -> None:
    assert mistakes(_site()) == []


@pytest.mark.parametrize(
    "endpoint",
    ["http://lsst-nfs.ncsa.illinois.edu:9003", "https://store.example.org/path", "store"],
)
def test_a_store_without_encryption_is_refused(endpoint: str) -> None:
    """The original's was reached over plain HTTP."""
    assert mistakes(_said("endpoint", endpoint)) == [
        (
            f'{_PATH}.endpoint: given "{endpoint}"; allowed: an https address without a path, '
            "such as https://s3.us-west-2.amazonaws.com"
        )
    ]


def test_a_plugin_that_is_not_there_is_refused() -> None:
    site = without(_site(), "streaming.connect.plugins")
    assert mistakes(site) == [
        (
            "streaming.connect.plugins: given none; allowed: a plugin whose file is named "
            "confluentinc-kafka-connect-s3…, because archive.parquet needs it"
        )
    ]


def test_workers_must_be_there() -> None:
    site = without(_site(), "streaming.connect", "streaming.connectors.0")
    assert mistakes(site) == [
        (
            "streaming.connect: given nothing; allowed: a section, {} for its defaults, because "
            "archive.parquet is written by a connector"
        )
    ]


def test_a_name_that_a_sink_has_is_refused() -> None:
    assert mistakes(_said("name", "influxdb-one")) == [
        f"{_PATH}.name: given influxdb-one; allowed: a name that no other sink has"
    ]


@pytest.mark.parametrize("letters", ["parquet-files", "influxdb-one"])
def test_dead_letters_are_not_archived(letters: str) -> None:
    pattern = rf"dead-letter\.{letters}"
    assert mistakes(_said("topics", pattern)) == [
        (
            f"{_PATH}.topics: given {pattern}; allowed: a pattern that does not match the topic "
            f"of dead letters dead-letter.{letters}"
        )
    ]
    site = _said("topics", ".*")
    assert mistakes(changed(site, f"{_PATH}.excluded", r"dead-letter\..*")) == []


def test_another_sink_does_not_read_the_archive_s_dead_letters() -> None:
    site = changed(_site(), "streaming.connectors.0.topics", r"dead-letter\.p.*")
    (line,) = mistakes(site)
    assert line.endswith("the topic of dead letters dead-letter.parquet-files")


def test_the_bucket_of_backups_is_refused() -> None:
    """Who takes backups may remove what is old."""
    assert mistakes(_said("bucket", "copies-of-full")) == [
        (
            f"{_PATH}.bucket: given copies-of-full; allowed: another than backup.bucket.name, from "
            "which old copies are removed"
        )
    ]


def _sized(  # noqa: PLR0913 -- what the number of open files follows from
    heap: str,
    replicas: int,
    tasks: int,
    topics: int,
    partitions: int = 1,
    *,
    content: str = "records",
) -> list[str]:
    site = _site()
    for path, value in (
        ("streaming.connect.heap", heap),
        ("streaming.connect.memoryLimit", "64Gi"),
        ("streaming.connect.replicas", replicas),
        (f"{_PATH}.content", content),
        (f"{_PATH}.tasks", tasks),
        (f"{_PATH}.expectedTopics", topics),
        (f"{_PATH}.partitionsPerTopic", partitions),
    ):
        site = changed(site, path, value)
    return mistakes(site)


def test_a_thousand_topics_do_not_fit_a_small_heap() -> None:
    """A thousand parts of 5 MiB in one task are 5 GB, whatever the number of workers."""
    assert _sized("9999Mi", 3, 1, 1000) == [
        (
            "streaming.connect.heap: given 9999Mi; allowed: at least 10000Mi: archive.parquet "
            "keeps 1000 files open in a worker while another is lost (1000 partitions in 1 "
            "tasks, 2 workers), with parts of 5Mi together 5000Mi, and may take 50% of the heap; "
            "or more tasks and workers"
        )
    ]
    assert _sized("10000Mi", 3, 1, 1000) == []


def test_statistics_beside_records_need_as_much_again() -> None:
    assert _sized("10000Mi", 3, 1, 1000, content="aggregates") == []
    (line,) = _sized("19999Mi", 3, 1, 1000, content="both")
    assert line == (
        "streaming.connect.heap: given 19999Mi; allowed: at least 20000Mi: archive.parquet "
        "keeps 2000 files open in a worker while another is lost (1000 partitions in 1 "
        "tasks, 2 workers, records and statistics), with parts of 5Mi together 10000Mi, and may "
        "take 50% of the heap; or more tasks and workers"
    )
    assert _sized("20000Mi", 3, 1, 1000, content="both") == []


@pytest.mark.parametrize("content", ["aggregates", "both"])
def test_statistics_that_nobody_makes_are_refused(content: str) -> None:
    site = without(_said("content", content), "streaming.aggregation", "streaming.connectors.2")
    assert mistakes(site) == [
        (
            "streaming.aggregation: given nothing; allowed: a section, {} for its defaults, "
            "because archive.parquet writes statistics"
        )
    ]
    site = changed(site, f"{_PATH}.content", "records")
    assert mistakes(site) == []


def test_one_plugin_is_missed_once() -> None:
    site = without(_said("content", "both"), "streaming.connect.plugins")
    assert len(mistakes(site)) == 1


def test_the_name_of_the_connector_of_statistics_is_its_own_too() -> None:
    site = changed(_said("content", "both"), "streaming.connectors.0.name", "files-statistics")
    assert mistakes(changed(site, f"{_PATH}.name", "files")) == [
        f"{_PATH}.name: given files-statistics; allowed: a name that no other sink has"
    ]


@pytest.mark.parametrize(
    ("replicas", "tasks", "topics", "partitions", "files"),
    [
        (1, 10, 1000, 1, 1000),
        (2, 10, 1000, 1, 1000),
        (3, 10, 1000, 1, 500),
        (4, 10, 1000, 1, 400),
        (4, 10, 500, 2, 400),
        (4, 2, 1000, 1, 500),
        (11, 10, 1051, 1, 106),
        (3, 10, 4, 1, 2),
    ],
)
def test_tasks_are_shared_by_the_workers_that_remain(
    replicas: int, tasks: int, topics: int, partitions: int, files: int
) -> None:
    least = max(10 * files, 64)
    assert _sized(f"{least}Mi", replicas, tasks, topics, partitions) == []
    if least > 64:
        (line,) = _sized(f"{least - 1}Mi", replicas, tasks, topics, partitions)
        assert f" keeps {files} files open " in line


def test_the_data_facility_s_heap_is_enough() -> None:
    """1,051 topics, 10 tasks and 31 GiB of heap, of which they take 2.6."""
    assert _sized("31Gi", 3, 10, 1051) == []


@pytest.mark.parametrize(
    ("topic", "read"), [("lsst.sal.KA.b", True), ("lsst.sal.KE.b", False), ("lsst.sal.LE.b", False)]
)
def test_an_exclusion_is_part_of_the_one_pattern_that_a_connector_takes(
    topic: str,
    read: bool,  # noqa: FBT001 -- what is expected
) -> None:
    archive = parse_site(_site()).archive
    assert archive
    assert archive.parquet
    assert archive.parquet.read.matches(topic) is read


@pytest.mark.parametrize(
    ("topic", "reading"),
    [
        ("lsst.sal.KA.b", ["parquet-files"]),
        ("lsst.sal.KA.b-aggregated", ["parquet-files-statistics"]),
        ("lsst.sal.KE.b-aggregated", []),
        ("dead-letter.parquet-files-statistics", []),
    ],
)
def test_records_and_statistics_are_read_by_a_connector_each(
    topic: str, reading: list[str]
) -> None:
    archive = parse_site(_site()).archive
    assert archive
    assert [sink.name for sink in archive.sinks if sink.read.matches(topic)] == reading
