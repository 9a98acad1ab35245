"""How much runs: pods of the site, processes of the enclosure and their memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
"""Inside the enclosure it shows only what runs there."""


@dataclass(frozen=True)
class Census:
    """What runs at one moment."""

    pods: int
    ready: int
    processes: int
    mebibytes: int
    """Of memory, each shared page counted once."""

    @classmethod
    def take(cls, pods: Sequence[Mapping[str, Any]], proc: Path = PROC) -> "Census":
        """Count."""
        meant = [pod for pod in pods if pod["status"].get("phase") != "Succeeded"]
        memory = [_kibibytes(path) for path in proc.glob("[0-9]*/smaps_rollup")]
        return cls(
            pods=len(meant),
            ready=sum(map(_is_ready, meant)),
            processes=len(memory),
            mebibytes=sum(memory) // 1024,
        )

    def __str__(self) -> str:
        """One line."""
        all_ready = self.ready == self.pods
        pods = f"all {self.pods} pods" if all_ready else f"{self.ready} of {self.pods} pods"
        return (
            f"{pods} are ready; {self.processes} processes use {self.mebibytes / 1024:.1f} GiB of "
            "memory"
        )


def _is_ready(pod: Mapping[str, Any]) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _kibibytes(path: Path) -> int:
    """Proportional memory of one process; 0 of a thread of the kernel and of one that ended."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
