"""The probe of the aggregator's workers, over what a real one of Kafka Streams 4.3.1 says."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from efd_infra.artifacts import read_artifact
from tests.support.loopback import serving

RUNNING = """\
# HELP kafka_streams_client_state The state of the Kafka Streams client
# TYPE kafka_streams_client_state gauge
kafka_streams_client_state 2.0
kafka_streams_alive_stream_threads 1.0
kafka_streams_failed_stream_threads 0.0
kafka_streams_thread_process_total{thread="1"} 1200.0
"""

pytestmark = pytest.mark.skipif(
    not (shutil.which("wget") or shutil.which("curl")), reason="the probe asks with wget or curl"
)


@contextmanager
def _metrics(text: str) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

    with serving(Handler) as url:
        yield int(url.rpartition(":")[2])


def _answers(port: int) -> dict[str, bool]:
    return {
        asked: subprocess.run(  # noqa: S603 -- the artifact under test
            ["/bin/sh", "-c", read_artifact("aggregator/alive.sh"), "alive.sh", asked],
            env={"PATH": "/usr/bin:/bin", "METRICS_PORT": str(port)},
            capture_output=True,
            check=False,
        ).returncode
        == 0
        for asked in ("alive", "running")
    }


@pytest.mark.parametrize(
    ("before", "after", "alive", "running"),
    [
        ("", "", True, True),
        ("client_state 2", "client_state 0", True, False),
        ("client_state 2", "client_state 1", True, False),
        ("client_state 2", "client_state 4", False, False),
        ("client_state 2", "client_state 6", False, False),
        ("alive_stream_threads 1", "alive_stream_threads 0", False, False),
        ("kafka_streams", "jvm", True, False),
    ],
)
def test_a_worker_lives_until_it_ends_and_works_while_it_runs(
    before: str,
    after: str,
    alive: bool,  # noqa: FBT001 -- an answer
    running: bool,  # noqa: FBT001 -- an answer
) -> None:
    with _metrics(RUNNING.replace(before, after) if before else RUNNING) as port:
        assert _answers(port) == {"alive": alive, "running": running}


def test_a_worker_without_metrics_is_left_alone() -> None:
    """The agent may be missing: a mountain's link can be down when a pod starts."""
    with _metrics("") as port:
        pass
    assert _answers(port) == {"alive": True, "running": True}
