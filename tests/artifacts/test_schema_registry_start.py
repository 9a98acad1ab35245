"""The script that starts Schema Registry."""

import subprocess
from pathlib import Path

from efd_infra.artifacts import read_artifact


def test_the_server_is_known_to_the_others_by_an_address_that_resolves(tmp_path: Path) -> None:
    """By default it is the pod's host name; writes sent to the leader would go nowhere."""
    script = read_artifact("schema_registry/start.sh").replace("/tmp/", f"{tmp_path}/made-")  # noqa: S108
    (tmp_path / "schema-registry.properties").write_text("kafkastore.topic=_schemas\n")
    (tmp_path / "client.properties").write_text("sasl.mechanism=A\nsecurity.protocol=B\n")
    server = tmp_path / "schema-registry-start"
    server.write_text('#!/bin/sh\ncat "$1"\n')
    server.chmod(0o755)
    started = subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", "-c", script],
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "LOGIN_DIR": str(tmp_path),
            "POD_IP": "10.1.2.3",
            "SETTINGS_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout.splitlines() == [
        "kafkastore.topic=_schemas",
        "host.name=10.1.2.3",
        "kafkastore.sasl.mechanism=A",
        "kafkastore.security.protocol=B",
    ]
    (settings,) = tmp_path.glob("made-*.properties")
    assert settings.stat().st_mode & 0o777 == 0o600, "it holds a password"
