"""Whether both sites hold the same records, by their numbers."""

from devkit.errors import DevkitError
from devkit.patience import wait_until
from devkit.traffic.topics import Topics
from tests.e2e.stand import Stand

EVERY = r"lsst\.sal\..*"


def wait_until_even(summit: Stand, ldf: Stand, limit: float, topics: str = EVERY) -> None:
    """Wait until every partition of these topics ends at the Summit where its mirror does.

    A topic that was deleted and made again never does: its mirror has what came before, too.
    """
    source, target = Topics(summit.outside("notebooks")), Topics(ldf.outside("notebooks"))

    def even() -> bool:
        places = [
            (name, n) for name, count in source.partitions(topics).items() for n in range(count)
        ]
        try:
            return source.spans(places) == target.spans(places)
        except DevkitError:
            return False

    assert wait_until(even, limit, 1.0), "the data facility does not catch up"
