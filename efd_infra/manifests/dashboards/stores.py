"""How much room stores have, today and, if all goes on as it does, in a week."""

from efd_infra.manifests.dashboards.dashboard import Cell
from efd_infra.manifests.dashboards.query import Query, gauge
from efd_infra.manifests.measurements.measurement import Writer

ROOM = Cell(
    name="Room in stores",
    writer=Writer.CLAIMS,
    queries=(gauge("efd_claim_free_bytes", "free", "claim", function="min"),),
    unit="B",
    note="What the file system says: stores on one disk of one node share it.",
)

_PAST = "time > now() - 28d"
"""Four times the season: less says little of a week."""

FORECAST = Cell(
    name="Room in stores, and the week to come",
    writer=Writer.CLAIMS,
    queries=(
        Query(
            select='min("efd_claim_free_bytes") AS "free"',
            measurement="prometheus",
            by=("claim",),
            over=_PAST,
            window="1d",
        ),
        Query(
            select='holt_winters(min("efd_claim_free_bytes"), 7, 7) AS "forecast"',
            measurement="prometheus",
            by=("claim",),
            over=_PAST,
            window="1d",
        ),
    ),
    unit="B",
    note="Holt-Winters, with a week for a season; it needs two weeks of the past.",
)
