"""The recommended Kubernetes labels, and selectors that never change."""

from dataclasses import dataclass

PART_OF = "efd"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What one workload is called: its labels, and the few of them that select its pods.

    A selector is immutable, so it holds no version and nothing that a site may change. The
    ``instance`` keeps workloads of one kind apart: the original's connector managers shared one
    selector and adopted each other's pods.
    """

    name: str
    """The software, such as ``kafka``."""
    instance: str
    """This running copy of it; the logical name of its component."""
    layer: str
    """The layer it belongs to, such as ``streaming``."""

    @property
    def selector(self) -> dict[str, str]:
        """The labels that select this workload's pods."""
        return {
            "app.kubernetes.io/name": self.name,
            "app.kubernetes.io/instance": self.instance,
        }

    @property
    def labels(self) -> dict[str, str]:
        """The labels of every object of this workload."""
        return {
            **self.selector,
            "app.kubernetes.io/component": self.layer,
            "app.kubernetes.io/part-of": PART_OF,
            "app.kubernetes.io/managed-by": "pulumi",
        }
