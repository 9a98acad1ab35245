#!/bin/sh
# Ask a worker of the aggregator, by its metrics, whether it is alive, or ($1 is "running") whether
# it has its share of the topics. It serves nobody, so there is nothing else to ask. Without metrics
# nothing is known to be wrong.
#
# METRICS_PORT  where the worker publishes them
url=http://127.0.0.1:$METRICS_PORT/metrics
metrics=$(wget -q -T 10 -O - "$url" 2>/dev/null || curl -sf -m 10 "$url" 2>/dev/null) || exit 0

printf '%s\n' "$metrics" | awk -v asked="$1" '
    # As KafkaStreams.State counts: created, rebalancing, running; then ways to its end.
    $1 == "kafka_streams_client_state" { state = $2; known = 1 }
    $1 == "kafka_streams_alive_stream_threads" { threads = $2; counted = 1 }
    END {
        if (known && state > 2) { print "state " state; exit 1 }
        if (known && state > 0 && counted && threads == 0) { print "no thread"; exit 1 }
        if (asked == "running" && state != 2) { print "state " (known ? state : "unknown"); exit 1 }
    }'
