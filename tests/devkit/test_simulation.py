"""What kwok plays."""

from pathlib import Path

import yaml

from devkit import simulation


def stages(tmp_path: Path, ingress_class: str) -> dict[str, dict[str, object]]:
    (tmp_path / "kwok").mkdir()
    (tmp_path / "kwok" / "pod.yaml").write_text("kind: Stage\nmetadata: {name: from-kwok}\n")
    simulation.write(tmp_path / "stages.yaml", tmp_path / "kwok", ingress_class)
    documents = yaml.safe_load_all((tmp_path / "stages.yaml").read_text())
    return {each["metadata"]["name"]: each for each in documents}


def test_kwok_s_stages_and_ours_are_in_one_file(tmp_path: Path) -> None:
    found = stages(tmp_path, "nginx")
    assert {"from-kwok", "claim-volume", "volume-delete", "ingress-address"} <= set(found)
    assert {each["kind"] for each in found.values()} == {"Stage"}


def test_only_ingresses_of_the_site_s_class_get_an_address(tmp_path: Path) -> None:
    text = str(stages(tmp_path, "haproxy")["ingress-address"])
    assert "'haproxy'" in text
    assert simulation.INGRESS_CLASS not in text
