"""What every component knows of the site besides its own section."""

from dataclasses import dataclass

from efd_infra.config.cluster import ClusterSection
from efd_infra.config.images import ImagesSection


@dataclass(frozen=True, kw_only=True)
class Platform:
    """The cluster and the images of a site."""

    cluster: ClusterSection
    images: ImagesSection

    def spread(self, replicas: int) -> bool | None:
        """Tell how ``replicas`` spread over nodes: hard where there are enough of them."""
        return None if replicas == 1 else self.cluster.nodes >= replicas
