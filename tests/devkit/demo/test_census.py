"""How much runs."""

from pathlib import Path
from typing import Any

from devkit.demo.census import Census


def pod(phase: str, ready: str) -> dict[str, Any]:
    return {"status": {"phase": phase, "conditions": [{"type": "Ready", "status": ready}]}}


def test_pods_that_are_done_do_not_count(tmp_path: Path) -> None:
    pods = [pod("Running", "True"), pod("Running", "False"), pod("Succeeded", "False")]
    census = Census.take(pods, tmp_path)
    assert (census.pods, census.ready, census.processes) == (2, 1, 0)
    assert str(census).startswith("1 of 2 pods are ready")


def test_memory_is_each_process_s_share(tmp_path: Path) -> None:
    for pid, words in {
        "1": "Rss: 9999 kB\nPss: 2048 kB\nPss_Anon: 1 kB\n",
        "22": "Pss: 1024 kB\n",
    }.items():
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "smaps_rollup").write_text(words)
    (tmp_path / "self").mkdir()
    census = Census.take([], tmp_path)
    assert (census.processes, census.mebibytes) == (2, 3)
