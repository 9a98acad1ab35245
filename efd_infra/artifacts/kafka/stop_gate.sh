#!/bin/sh
# Hold the stop of this broker back until it can be spared.
#
# It cannot while a partition has no more replicas in sync than its producers wait for, this one
# among them, and another replica is out that can come back. Whoever stops a broker meets this: a
# roll, a drain, somebody who deletes the pod. A broker that does not answer helps nobody and is not
# held back; after PATIENCE seconds none is.
#
# BOOTSTRAP     this very broker; the rest of its access is in admin.sh
# PATIENCE      seconds, of those that the pod has to stop
# POD_NAME      ends in the broker's number
# SETTINGS_DIR  holds admin.sh
# shellcheck disable=SC2016 # what is between single quotes is for awk
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"

end=$(($(date +%s) + PATIENCE))
silent=0
waited=
while listens; do
    if partitions; then
        silent=0
        needed=$(of_partitions '
            has($4, broker) && size($4) <= $5 && size($4) < size($3) { print $1 "-" $2 }
            ' "${POD_NAME##*-}")
        if [ -z "$needed" ]; then
            # A set that is deleted as a whole stops all its brokers at once. The others look in
            # these seconds, and would wait for this one if it were gone.
            [ -n "$waited" ] || sleep 3
            echo "stop: no partition needs this broker now"
            exit 0
        fi
        waited=yes
        echo "stop: waiting, $(count "$needed") partitions need this broker until another is back" \
            "in sync: $(printf '%s\n' "$needed" | listed)"
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
