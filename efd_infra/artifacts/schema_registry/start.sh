#!/bin/sh
# Start Schema Registry under its pod's address: the other servers send their writes to the
# leader there, and a pod's host name resolves in the pod alone.
set -eu

settings=/tmp/schema-registry.properties
cat "$SETTINGS_DIR/schema-registry.properties" - >"$settings" <<END
host.name=$POD_IP
END
exec schema-registry-start "$settings"
