"""Rules of how brokers change: one after the other, and from release to release."""

import re
from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site
from efd_infra.config.values import Image

_KAFKA = "streaming.kafka"


def mirrored_topics_leave_one_spare(site: Site) -> Iterator[Mistake]:
    """The link makes topics that a broker's restart must not stop (it made two copies once)."""
    mirror, least = site.replication, site.streaming.kafka.min_in_sync_replicas + 1
    spare = site.streaming.kafka.replication_factor >= least
    if mirror and spare and mirror.replication_factor < least:
        yield Mistake(
            "replication.replicationFactor",
            str(mirror.replication_factor),
            f"at least {least}: one more than streaming.kafka.minInSyncReplicas",
        )


def metadata_is_of_a_release_that_runs(site: Site) -> Iterator[Mistake]:
    """Brokers refuse metadata of a release that is newer than they are."""
    wanted, runs = site.streaming.kafka.metadata_version, _release(site.images.kafka)
    if wanted and runs and wanted.numbers > runs:
        yield Mistake(
            f"{_KAFKA}.metadataVersion",
            wanted,
            f"at most '{runs[0]}.{runs[1]}', the release of images.kafka {site.images.kafka}",
        )


def _release(image: Image) -> tuple[int, int] | None:
    """Return the release of Kafka that an image says it has; others number their own way."""
    found = re.search(r"(?:^|/)kafka:v?(\d+)\.(\d+)(?:\.|$)", image.partition("@")[0])
    return (int(found[1]), int(found[2])) if found else None


RULES = (mirrored_topics_leave_one_spare, metadata_is_of_a_release_that_runs)
