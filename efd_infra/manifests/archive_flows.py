"""The flows of long-term storage."""

from collections.abc import Iterator

from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.peers import ANYWHERE, dialled, tcp


def archive_flows(site: Site) -> Iterator[Flow]:
    """Yield who dials what is outside of the site."""
    archive = site.archive
    if archive and (parquet := archive.parquet):
        yield Flow(
            name="connect-to-bucket",
            sources=(workloads.CONNECT,),
            targets=(ANYWHERE,),
            ports=dialled([parquet.endpoint]),
            why="writes records as files to the archive's bucket; encrypted, with keys",
        )
    if archive and (database := archive.database):
        yield Flow(
            name="connect-to-database",
            sources=(workloads.CONNECT,),
            targets=(ANYWHERE,),
            ports=tcp(database.port),
            why="writes statistics to the consolidated database; encrypted, with a login",
        )
