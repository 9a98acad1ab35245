"""The scripts that fetch pinned files: a Java agent that may be missing, plugins that may not."""

import hashlib
import io
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from efd_infra.artifacts import read_artifact
from tests.support.loopback import serving

JAR = b"a jar"


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sink/lib/sink.jar", JAR)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo("sink/lib/sink.jar")
        info.size = len(JAR)
        archive.addfile(info, io.BytesIO(JAR))
    return file.getvalue()


FILES = {"/sink.jar": JAR, "/sink.zip": _zip(), "/sink.tar.gz": _tar()}


@dataclass
class Publisher:
    """Who has the files."""

    away: int = 0
    """Answers that are failures, before one that is none."""
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    state = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            body = FILES.get(self.path.partition("?")[0])
            failing = state.away >= len(state.asked)
            self.send_response(503 if failing else 200 if body else 404)
            self.end_headers()
            self.wfile.write(b"no file" if failing or not body else body)

    with serving(Handler) as state.url:
        yield state


def _run(script: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", "-c", read_artifact("fetch/fetch.sh") + read_artifact(script)],
        env={"PATH": "/usr/bin:/bin", "FETCH_RETRIES": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def _plugins(folder: Path, *plugins: str) -> "subprocess.CompletedProcess[str]":
    return _run("connect/plugins.sh", PLUGINS="\n".join(plugins), PLUGINS_DIR=str(folder))


def _line(publisher: Publisher, path: str, name: str = "sink") -> str:
    digest = hashlib.sha256(FILES.get(path.partition("?")[0], b"")).hexdigest()
    return f"{name} {digest} {publisher.url}{path}"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/sink.jar?raw=true", "sink/sink.jar"),
        ("/sink.zip", "sink/sink/lib/sink.jar"),
        ("/sink.tar.gz", "sink/sink/lib/sink.jar"),
    ],
)
def test_a_plugin_gets_a_folder_of_its_own(
    tmp_path: Path, publisher: Publisher, path: str, place: str
) -> None:
    done = _plugins(tmp_path, _line(publisher, path))
    assert (done.returncode, done.stderr) == (0, "")
    assert _files(tmp_path) == {place: JAR}


def test_every_plugin_is_fetched(tmp_path: Path, publisher: Publisher) -> None:
    lines = [_line(publisher, "/sink.jar", name) for name in ("one", "two")]
    assert _plugins(tmp_path, *lines).returncode == 0
    assert set(_files(tmp_path)) == {"one/sink.jar", "two/sink.jar"}


def test_a_plugin_with_another_digest_is_refused(tmp_path: Path, publisher: Publisher) -> None:
    done = _plugins(tmp_path, f"sink {'0' * 64} {publisher.url}/sink.jar")
    assert done.returncode != 0
    found = hashlib.sha256(JAR).hexdigest()
    assert done.stderr == (
        f"error: {publisher.url}/sink.jar has the digest {found}; allowed: {'0' * 64}\n"
    )
    assert _files(tmp_path) == {}


def test_without_a_plugin_the_pod_does_not_start(tmp_path: Path, publisher: Publisher) -> None:
    lines = [_line(publisher, "/none.jar", "none"), _line(publisher, "/sink.jar", "other")]
    done = _plugins(tmp_path, *lines)
    assert done.returncode != 0
    assert f"error: plugin none: {publisher.url}/none.jar could not be fetched" in done.stderr
    assert _files(tmp_path) == {}, "the rest is not tried"


def test_a_passing_failure_is_tried_again(tmp_path: Path, publisher: Publisher) -> None:
    publisher.away = 1
    assert _plugins(tmp_path, _line(publisher, "/sink.jar")).returncode == 0
    assert len(publisher.asked) == 2
    assert _files(tmp_path) == {"sink/sink.jar": JAR}


def test_what_an_attempt_left_behind_is_no_part_of_the_plugin(
    tmp_path: Path, publisher: Publisher
) -> None:
    (tmp_path / "sink").mkdir()
    (tmp_path / "sink" / "half.jar").touch()
    assert _plugins(tmp_path, _line(publisher, "/sink.jar")).returncode == 0
    assert set(_files(tmp_path)) == {"sink/sink.jar"}


def _agent(folder: Path, url: str, digest: str) -> "subprocess.CompletedProcess[str]":
    return _run(
        "jmx/agent.sh",
        AGENT_DIR=str(folder),
        AGENT_URL=url,
        AGENT_SHA256=digest,
        AGENT_PORT="5556",
        AGENT_RULES="/rules.yaml",
    )


def test_the_agent_is_loaded_when_it_is_there(tmp_path: Path, publisher: Publisher) -> None:
    digest = hashlib.sha256(JAR).hexdigest()
    assert _agent(tmp_path, f"{publisher.url}/sink.jar", digest).returncode == 0
    jar = tmp_path / "jmx-exporter.jar"
    assert jar.read_bytes() == JAR
    assert (tmp_path / "options").read_text() == f"-javaagent:{jar}=5556:/rules.yaml\n"


def test_without_the_agent_the_pod_starts_without_metrics(
    tmp_path: Path, publisher: Publisher
) -> None:
    """A broker must not wait for a download while the mountain's link is down."""
    done = _agent(tmp_path, f"{publisher.url}/none.jar", "0" * 64)
    assert done.returncode == 0
    assert "metrics are off" in done.stderr
    assert _files(tmp_path) == {"options": b""}


def test_an_agent_with_another_digest_stops_the_pod(tmp_path: Path, publisher: Publisher) -> None:
    done = _agent(tmp_path, f"{publisher.url}/sink.jar", "0" * 64)
    assert done.returncode != 0
    assert _files(tmp_path) == {"options": b""}
