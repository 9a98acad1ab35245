"""The settings with which a broker starts: its own start script, run with a ``java`` that tells."""

import os
import subprocess
from pathlib import Path

from rendering.recording import Run

_JAVA = """#!/bin/sh
case "$*" in *" kafka.Kafka "*) for last; do :; done; cat "$last" ;; esac
"""


def node_settings(run: Run, node: int, folder: Path) -> dict[str, str]:
    """Return the properties that the server of one node is given, by key."""
    server = run.one("StatefulSet", "cp-helm-charts-cp-kafka")
    container, _ = server.pod["containers"]
    (mount,) = [m for m in container["volumeMounts"] if m["mountPath"] == "/etc/efd/kafka"]
    (volume,) = [v for v in server.pod["volumes"] if v["name"] == mount["name"]]
    for name, text in run.texts("ConfigMap", volume["configMap"]["name"]).items():
        here = text.replace("/tmp/", f"{folder}/")  # noqa: S108 -- the pod's own directory
        (folder / name).write_text(here, encoding="utf-8")
    # It would watch a broker that never comes.
    (folder / "in_sync.sh").write_text("", encoding="utf-8")
    java = folder / "java"
    java.write_text(_JAVA, encoding="utf-8")
    java.chmod(0o755)
    given = {v["name"]: v["value"] for v in container["env"] if "value" in v}
    (folder / "username").write_text("broker-1", encoding="utf-8")
    (folder / "broker-1").write_text("secret", encoding="utf-8")
    given["LOGIN_DIR"] = str(folder)
    started = subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", str(folder / "start.sh")],
        env={
            **given,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "POD_NAME": f"{server.object_name}-{node}",
            "SETTINGS_DIR": str(folder),
            "LATCH": str(folder / "latch"),
            "FORMAT_DIR": str(folder / "format"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.partition("=") for line in started.stdout.splitlines() if line]
    return {key: value for key, _, value in lines}
