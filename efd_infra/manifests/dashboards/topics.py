"""The EFD at a glance: who publishes, how much, how late, and since when not."""

from functools import partial

from efd_infra.manifests.dashboards.connectors import LAG
from efd_infra.manifests.dashboards.dashboard import Cell, Dashboard, Variable
from efd_infra.manifests.dashboards.influxdb import POINTS
from efd_infra.manifests.dashboards.query import Query
from efd_infra.manifests.measurements.catalogue import HEARTBEAT
from efd_infra.manifests.measurements.measurement import Writer

_cell = partial(Cell, writer=Writer.TOPICS)
_HEARTBEATS = f"/^{HEARTBEAT}$/"
_TOPICS_OF = r"/^lsst\.sal\.:csc:\./"
_COUNT = 'count("private_seqNum") AS "records"'
_LATE = 'mean("private_kafkaStamp") - mean("private_sndStamp") AS "seconds"'

TOPICS = Dashboard(
    number=10005,
    name="EFD overview",
    variables=(Variable(name="csc", label="Component", value="MTM1M3"),),
    rows=(
        (
            _cell(
                name="Heartbeats in a minute, of each component",
                queries=(Query(select=_COUNT, measurement=_HEARTBEATS, window="1m"),),
                note="Each publishes one a second; several of one kind share a topic.",
            ),
            POINTS,
        ),
        (
            _cell(
                name="Last seen",
                kind="table",
                queries=(
                    Query(
                        select='last("private_seqNum") AS "number"',
                        measurement=_HEARTBEATS,
                        over="time > now() - 7d",
                        window="",
                    ),
                ),
                note="The newest heartbeat of each component within a week.",
            ),
            _cell(
                name="From publishing to Kafka",
                queries=(Query(select=_LATE, measurement=_HEARTBEATS),),
                unit="s",
            ),
            LAG,
        ),
        (
            _cell(
                name="Records in a minute, of each topic of the component",
                queries=(Query(select=_COUNT, measurement=_TOPICS_OF, window="1m"),),
            ),
            _cell(
                name="From publishing to Kafka, of the component",
                queries=(Query(select=_LATE, measurement=_TOPICS_OF),),
                unit="s",
            ),
        ),
    ),
)
