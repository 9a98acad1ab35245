#!/bin/sh
# Hold the stop of this broker back until it can be spared.
#
# It cannot while a partition has no more replicas in sync than its producers wait for, this one
# among them, and another replica is out that can come back; nor while it votes and without it no
# majority would. Whoever stops a broker meets this: a roll, a drain, somebody who deletes the pod.
# A broker that does not answer helps nobody and is not held back; after PATIENCE seconds none is.
#
# BOOTSTRAP     this very broker; the rest of its access is in admin.sh
# CONTROLLERS   nodes 0 to this minus one vote
# PATIENCE      seconds, of those that the pod has to stop
# POD_NAME      ends in the broker's number
# SETTINGS_DIR  holds admin.sh
# shellcheck disable=SC2016 # what is between single quotes is for awk
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"

# Write why this broker cannot be spared; nothing when it can. Fails when nobody answers.
needed() {
    partitions || return 1
    needing=$(of_partitions '
        has($4, broker) && size($4) <= $5 && size($4) < size($3) { print $1 "-" $2 }' "$node")
    if [ -n "$needing" ]; then
        echo "$(count "$needing") partitions need this broker until another is back in sync:" \
            "$(printf '%s\n' "$needing" | listed)"
        return 0
    fi
    [ "$CONTROLLERS" -gt 1 ] && [ "$node" -lt "$CONTROLLERS" ] || return 0
    tool MetadataQuorumCommand describe --replication || return 1
    # The leader's own row has the time by which the others are late; ten seconds is much.
    printf '%s\n' "$SAID" | awk -v self="$node" '
        $NF == "Leader" || $NF == "Follower" { voters++; seen[$1] = $5; if ($NF == "Leader") now = $5 }
        END {
            for (one in seen) if (one != self && now - seen[one] < 10000) left++
            if (left * 2 <= voters) print "the controllers need this one for a majority"
        }'
}

node=${POD_NAME##*-}
end=$(($(date +%s) + PATIENCE))
silent=0
waited=
while listens; do
    if why=$(needed); then
        silent=0
        if [ -z "$why" ]; then
            # A set that is deleted as a whole stops all its brokers at once. The others look in
            # these seconds, and would wait for this one if it were gone.
            [ -n "$waited" ] || sleep 3
            echo "stop: nobody needs this broker now"
            exit 0
        fi
        waited=yes
        echo "stop: waiting, $why"
    else
        silent=$((silent + 1))
        [ "$silent" -lt 3 ] || break
    fi
    if [ "$(date +%s)" -ge "$end" ]; then
        echo "stop: not waiting any longer than $PATIENCE s"
        exit 0
    fi
    sleep 5
done
echo "stop: this broker does not answer, nobody needs it"
