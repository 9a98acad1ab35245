#!/bin/sh
# Fetch the JMX exporter and write the Java options that load it; fetch/fetch.sh comes before.
#
# A download that fails is no error: a broker must start while the link is down, if need be without
# metrics.
set -eu

jar=$AGENT_DIR/jmx-exporter.jar
: >"$AGENT_DIR/options"

if fetch "$AGENT_URL" "$AGENT_SHA256" "$jar"; then
    echo "-javaagent:$jar=$AGENT_PORT:$AGENT_RULES" >"$AGENT_DIR/options"
else
    echo "metrics are off: $AGENT_URL could not be fetched" >&2
fi
