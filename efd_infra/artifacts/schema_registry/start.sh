#!/bin/sh
# Start Schema Registry under its pod's address: the other servers send their writes to the
# leader there, and a pod's host name resolves in the pod alone. LOGIN_DIR holds client.properties,
# with which it logs in at the brokers.
set -eu

settings=/tmp/schema-registry.properties
(umask 077 && : >"$settings")
cat "$SETTINGS_DIR/schema-registry.properties" - >"$settings" <<END
host.name=$POD_IP
END
sed 's/^/kafkastore./' "$LOGIN_DIR/client.properties" >>"$settings"
exec schema-registry-start "$settings"
