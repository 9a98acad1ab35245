"""Containerd: pulls nothing, runs the containers of one node."""

from dataclasses import dataclass
from pathlib import Path

from devkit.node.programs import Programs


@dataclass(frozen=True)
class Containerd:
    """The settings of one node's container runtime."""

    programs: Programs
    folder: Path
    """Images and containers; kept from start to start."""
    run: Path
    """Sockets, whose paths must be short; gone with the enclosure."""
    pause: str
    """The image that holds a pod's namespaces."""

    @property
    def socket(self) -> Path:
        """Where kubelet and `ctr` reach it."""
        return self.run / "containerd.sock"

    @property
    def config(self) -> Path:
        """Its settings as a file."""
        return self.folder / "config.toml"

    @property
    def network(self) -> Path:
        """The pod network's settings as a folder."""
        return self.folder / "cni"

    def write(self) -> None:
        """Write the settings."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run.mkdir(parents=True, exist_ok=True)
        self.config.write_text(self.toml())

    def argv(self) -> list[str]:
        """Command line."""
        return [str(self.programs.path("containerd")), "--config", str(self.config)]

    def toml(self) -> str:
        """Return the settings; version 2 is what 1.6 and all newer ones read."""
        cri = "io.containerd.grpc.v1.cri"
        return f"""version = 2
root = "{self.folder / "root"}"
state = "{self.run / "state"}"

[grpc]
address = "{self.socket}"

[plugins."{cri}"]
sandbox_image = "{self.pause}"
# Without CAP_SYS_RESOURCE a process may not make itself less likely to be killed.
restrict_oom_score_adj = true
disable_apparmor = true
stream_server_address = "127.0.0.1"
netns_mounts_under_state_dir = true

# It makes this folder, by default below /opt.
[plugins."io.containerd.internal.v1.opt"]
path = "{self.folder / "opt"}"

[plugins."{cri}".cni]
bin_dir = "{self.programs.network}"
conf_dir = "{self.network}"

[plugins."{cri}".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."{cri}".containerd.runtimes.runc.options]
BinaryName = "{self.programs.path("runc")}"
Root = "{self.run / "runc"}"
"""
