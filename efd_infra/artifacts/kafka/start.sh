#!/bin/sh
# Start one Kafka node.
#
# What all nodes share is in server.properties, and what only voters may have in
# controller.properties; what is a node's own follows here from its pod's ordinal. So the pod
# template says nothing of the number of brokers: adding one restarts none.
#
# Arguments are the options of the JVM. The table of listeners has one line for each:
# name, port, advertised host with {broker} for the node's number, advertised port of node 0,
# and what each further node adds to that port. LOGIN_DIR holds the file username and, for every
# user that counts as a broker, a file of that name with the password. The certificate of a listener
# that is encrypted is a companion's business: see certificate.sh.
#
# LATCH notes for the probe of readiness that this broker had caught up; this is another start.
# FORMAT_DIR may hold the file release: whose metadata a new store is made for.
set -eu

rm -f "$LATCH" "$LATCH.not"
node=${POD_NAME##*-}
settings=/tmp/node.properties
roles=broker
listeners=
advertised=

while read -r name port host first step; do
    host=$(printf '%s' "$host" | sed "s/{broker}/$node/g")
    listeners="$listeners,$name://:$port"
    advertised="$advertised,$name://$host:$((first + node * step))"
done <"$SETTINGS_DIR/listeners"

# Not a copy, which would be as read-only as what it copies. It will hold passwords.
(umask 077 && : >"$settings")
cat "$SETTINGS_DIR/server.properties" >"$settings"
if [ "$node" -lt "$CONTROLLERS" ]; then
    roles=broker,controller
    listeners="$listeners,CONTROLLER://:$CONTROLLER_PORT"
    cat "$SETTINGS_DIR/controller.properties" >>"$settings"
fi

cat >>"$settings" <<END
node.id=$node
process.roles=$roles
listeners=${listeners#,}
advertised.listeners=${advertised#,}
END

# How brokers log in with each other, and whom each of them takes for one.
module="org.apache.kafka.common.security.plain.PlainLoginModule required"
self=$(cat "$LOGIN_DIR/username")
module="$module username=\"$self\" password=\"$(cat "$LOGIN_DIR/$self")\""
for file in "$LOGIN_DIR"/broker-*; do
    module="$module user_${file##*/}=\"$(cat "$file")\""
done
for listener in controller replication; do
    echo "listener.name.$listener.plain.sasl.jaas.config=$module;" >>"$settings"
done

# A store that has been formatted stays as it is. The launcher's options are not for this tool:
# it would claim the port of the metrics agent. With eligible leader replicas (KIP-966) the
# cluster remembers the first min.insync.replicas it was given and ignores the file from then on.
set_release=
if [ -s "$FORMAT_DIR/release" ]; then
    set_release=--release-version=$(cat "$FORMAT_DIR/release")
fi
env -u JDK_JAVA_OPTIONS java -Xmx64m -cp "$KAFKA_LIBS/*" kafka.tools.StorageTool format \
    --cluster-id="$CLUSTER_ID" --config "$settings" --ignore-formatted \
    --feature eligible.leader.replicas.version=0 ${set_release:+"$set_release"}

sh "$SETTINGS_DIR/in_sync.sh" &

exec java "$@" -cp "$KAFKA_LIBS/*" kafka.Kafka "$settings"
