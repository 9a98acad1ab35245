"""Alerts of the aggregator."""

from collections.abc import Iterator

from efd_infra.config.aggregation import AGGREGATOR_DEAD_LETTERS
from efd_infra.manifests.alerts.rule import Rule, Words
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.measurement import Writer

_WORKER = 'worker {{ index .Tags "address" }}'


def aggregator_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of the aggregator's workers."""
    yield watch.lasting(
        "aggregator-lag",
        Words(
            title="the aggregator is behind",
            about=_WORKER,
            meaning="Statistics come late. Beyond Kafka's retention records are in no window.",
            remedy=(
                "See whether the workers are short of processor or memory, then raise "
                "streaming.aggregation.workers or threads; see whether the registry answers."
            ),
        ),
        watch.scraped(Writer.AGGREGATOR, 'max("kafka_streams_thread_records_lag_max")'),
        "address",
    )
    yield watch.growth(
        "aggregator-dead-letters",
        Words(
            title="the aggregator cannot read records",
            about='task {{ index .Tags "task" }}',
            meaning=f"They are kept in the topic {AGGREGATOR_DEAD_LETTERS}, and in no window.",
            remedy=(
                "Read their headers: topic, offset and reason of each. Whoever produces them must "
                "register his schema, or fill in the time."
            ),
        ),
        watch.scraped(
            Writer.AGGREGATOR,
            'non_negative_difference(max("kafka_streams_dead_letters_total"))',
        ),
        "task",
    )
    yield watch.growth(
        "aggregator-late",
        Words(
            title="records come too late for their windows",
            about='task {{ index .Tags "task" }}',
            meaning="They are in Kafka and InfluxDB, and in no statistic.",
            remedy=(
                "A worker's log names the topics, each minute. Look at their producers' clocks; if "
                "records are that late as a rule, raise streaming.aggregation.grace."
            ),
        ),
        watch.scraped(
            Writer.AGGREGATOR,
            'non_negative_difference(max("kafka_streams_late_records_total"))',
        ),
        "task",
    )
    yield watch.missing(
        "aggregator-silent",
        Words(
            title="no worker of the aggregator runs",
            about="kafka-aggregator",
            meaning="Nothing is aggregated. Kafka keeps the records, for its retention.",
            remedy=(
                "kubectl --namespace kafka-aggregator get pods; the log of one that ends says in "
                "its last line why."
            ),
        ),
        watch.scraped(Writer.AGGREGATOR, 'count("kafka_streams_client_state")'),
    )
