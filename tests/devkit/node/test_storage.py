"""The provisioner of claims."""

import json
import os
import subprocess
from pathlib import Path

import yaml

from devkit.node import storage


def test_claims_are_folders_of_the_cluster(tmp_path: Path) -> None:
    storage.write(tmp_path, "efd.test/fetch:1")
    (everywhere,) = json.loads((tmp_path / "storage.json").read_text())["nodePathMap"]
    assert everywhere["paths"] == [str(tmp_path / "claims")]


def test_the_helper_never_asks_a_registry_and_is_root(tmp_path: Path) -> None:
    storage.write(tmp_path, "efd.test/fetch:1")
    (container,) = yaml.safe_load((tmp_path / "helper.yaml").read_text())["spec"]["containers"]
    assert container["imagePullPolicy"] == "Never"
    assert container["image"] == "efd.test/fetch:1"
    assert container["securityContext"] == {"runAsUser": 0}


def script(name: str, volume: Path) -> None:
    subprocess.run(  # noqa: S603 - ours
        ["/bin/sh", "-c", storage.SCRIPTS[name]],
        check=True,
        env={"VOL_DIR": str(volume), "PATH": os.defpath},
    )


def test_the_scripts_make_a_folder_for_every_user_and_remove_it(tmp_path: Path) -> None:
    volume = tmp_path / "claims" / "data of a broker"
    script("setup", volume)
    assert volume.stat().st_mode & 0o777 == 0o777, "pods run as users of their own"
    (volume / "file").touch()
    script("teardown", volume)
    assert not volume.exists()


def test_the_program_is_told_what_the_cluster_has(tmp_path: Path) -> None:
    argv = storage.argv(Path("/tools/local"), tmp_path, tmp_path / "kubeconfig", "shell:1")
    namespace, scripts = storage.objects()
    assert f"--namespace={namespace['metadata']['name']}" in argv
    assert f"--configmap-name={scripts['metadata']['name']}" in argv
    assert scripts["metadata"]["namespace"] == namespace["metadata"]["name"]
    assert f"--config={tmp_path / 'storage.json'}" in argv
