"""MirrorMaker's probe: a worker with something failed is not alive."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from efd_infra.artifacts import read_artifact
from tests.support.loopback import serving

HEALTHY = """\
# HELP kafka_connect_worker_tasks_failed The number of failed tasks of the connector.
kafka_connect_connector_status{connector="MirrorSourceConnector",status="running"} 1.0
kafka_connect_worker_tasks_failed{connector="MirrorSourceConnector"} 0.0
kafka_connect_worker_tasks_running{connector="MirrorSourceConnector"} 3.0
"""

pytestmark = pytest.mark.skipif(not shutil.which("wget"), reason="the probe asks with wget")


@contextmanager
def _metrics(text: str) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

    with serving(Handler) as url:
        yield int(url.rpartition(":")[2])


def _alive(port: int) -> bool:
    done = subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", "-c", read_artifact("mirror_maker/alive.sh")],
        env={"PATH": "/usr/bin:/bin", "METRICS_PORT": str(port)},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_a_worker_whose_tasks_run_is_alive() -> None:
    with _metrics(HEALTHY) as port:
        assert _alive(port)


@pytest.mark.parametrize(
    ("before", "after"), [("} 0.0", "} 2.0"), ('status="running"', 'status="failed"')]
)
def test_a_worker_with_something_failed_is_not(before: str, after: str) -> None:
    with _metrics(HEALTHY.replace(before, after)) as port:
        assert not _alive(port)


def test_a_worker_without_metrics_is_left_alone() -> None:
    """The agent may be missing: a mountain's link can be down when a pod starts."""
    with _metrics("") as port:
        pass
    assert _alive(port)
