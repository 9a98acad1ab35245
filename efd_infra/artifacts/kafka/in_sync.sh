#!/bin/sh
# Watch this broker from its start until it counts as one of the cluster again, and note that.
#
# It does not before it has caught up: not while one of its replicas is out of sync, and not while
# any partition of the cluster lacks replicas that its producers wait for and that can come back.
# LATCH is the note, for the probe of readiness (ready.sh); beside it stands, until then, why not.
# Once is enough: a broker that lags for a moment later is no reason to stop a roll. It runs beside
# the broker and not as the probe, because a Java machine's start on a busy node may take longer than
# a probe may.
#
# BOOTSTRAP     this very broker; the rest of its access is in admin.sh
# LATCH         a file of the pod's own
# POD_NAME      ends in the broker's number
# SETTINGS_DIR  holds admin.sh
# shellcheck disable=SC2016 # what is between single quotes is for awk
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"

# Write why this broker does not count yet; nothing when it does.
missing() {
    listens || {
        echo "nothing listens at $BOOTSTRAP"
        return
    }
    partitions || {
        echo "no answer: $(last_words)"
        return
    }
    behind=$(of_partitions '
        has($3, broker) && !has($4, broker) { print $1 "-" $2 }' "${POD_NAME##*-}")
    if [ -n "$behind" ]; then
        echo "catching up with $(count "$behind") partitions: $(printf '%s\n' "$behind" | listed)"
        return
    fi
    short=$(of_partitions 'size($4) < $5 && size($4) < size($3) { print $1 "-" $2 }')
    [ -z "$short" ] || echo "in sync itself; $(count "$short") partitions lack others:" \
        "$(printf '%s\n' "$short" | listed)"
}

said=
until why=$(missing) && [ -z "$why" ]; do
    if [ "$why" != "$said" ]; then
        printf '%s\n' "$why" >"$LATCH.not"
        echo "ready: $why"
        said=$why
    fi
    sleep 2
done
: >"$LATCH"
echo "ready: in sync"
