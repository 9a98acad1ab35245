#!/bin/sh
# Fail when a connector or task of this worker has failed: MirrorMaker's own mode has no way to
# restart one, but a new worker starts all of its own. Without metrics nothing is known to be wrong.
metrics=$(wget -q -T 10 -O - "http://127.0.0.1:$METRICS_PORT/metrics") || exit 0

if printf '%s\n' "$metrics" | grep -E \
    -e '^kafka_connect_worker_tasks_failed\{.*\} [1-9]' \
    -e '^kafka_connect_connector_status\{.*status="failed".*\} 1'; then
    exit 1
fi
