#!/bin/sh
# Fetch the JMX exporter and write the Java options that load it.
#
# A digest that differs stops the pod: nothing unknown runs beside the data. A download that
# fails does not: a broker must start while the link is down, if need be without metrics.
set -eu

jar=$AGENT_DIR/jmx-exporter.jar
: >"$AGENT_DIR/options"

if ! curl --fail --silent --show-error --location --max-time 120 --retry 3 \
    --output "$jar" "$AGENT_URL"; then
    echo "metrics are off: $AGENT_URL could not be fetched" >&2
    rm -f "$jar"
    exit 0
fi
echo "$AGENT_SHA256  $jar" | sha256sum -c -
echo "-javaagent:$jar=$AGENT_PORT:$AGENT_RULES" >"$AGENT_DIR/options"
