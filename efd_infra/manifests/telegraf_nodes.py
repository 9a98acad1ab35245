"""The settings of the Telegraf on each node.

A pod sees its node's CPU, memory, load and disk traffic by itself: ``/proc/stat``, ``meminfo``,
``loadavg`` and ``diskstats`` belong to no namespace of Linux. So nothing of the host is mounted.
What belongs to one is left out: the node's network interfaces, and its mounts but the file system
that holds containers and their scratch volumes, on which the pod's own root stands.
"""

from efd_infra.config.cluster import Resources
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.manifests.telegraf import agent_settings, influxdb_output
from efd_infra.manifests.toml import toml

NODE_VARIABLE = "NODE_NAME"
"""The environment variable with the name of the node."""

_DISKS = (
    "sd[a-z]",
    "sd[a-z][a-z]",
    "vd[a-z]",
    "xvd[a-z]",
    "nvme*n[0-9]",
    "mmcblk[0-9]",
    "md[0-9]*",
)
"""Whole disks: their partitions are the same traffic again, and maps and loops come and go."""


def node_conf(
    section: MonitoringSection,
    resources: Resources,
    *,
    influxdb_url: str,
    credentials_dir: str,
) -> str:
    """Return ``telegraf.conf``; the node's name comes from the environment."""
    return toml(
        {
            "agent": agent_settings(section, resources),
            "global_tags": {"node": f"${{{NODE_VARIABLE}}}"},
            # What is for probes only would be a dozen series of each node's Telegraf.
            **influxdb_output(
                section, resources, influxdb_url, credentials_dir, without=["internal_*"]
            ),
            "inputs": {
                # One series for a node, not one for each of its cores.
                "cpu": [{"percpu": False, "totalcpu": True, "collect_cpu_time": False}],
                "mem": [{}],
                "system": [{"fieldexclude": ["uptime_format"]}],
                "disk": [{"mount_points": ["/"], "ignore_fs": []}],
                "diskio": [{"devices": list(_DISKS), "tagexclude": ["wwid"]}],
                "internal": [{"collect_memstats": False}],
            },
        }
    )
