#!/bin/sh
# Tell whether this broker counts as one of the cluster again: the probe of readiness.
#
# After a start it does not before it has caught up: not while one of its replicas is out of sync,
# and not while any partition of the cluster lacks replicas that its producers wait for and that
# can come back. StatefulSets and disruption budgets go by this, and take the next broker. Once it
# was so, only the port is asked: a broker that lags for a moment is no reason to stop a roll, and
# each question costs a Java machine's start. LATCH remembers it; start.sh removes that file.
#
# BOOTSTRAP     this very broker; the rest of its access is in admin.sh
# LATCH         a file of the pod's own
# POD_NAME      ends in the broker's number
# SETTINGS_DIR  holds admin.sh
# shellcheck disable=SC2016 # what is between single quotes is for awk
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"

listens || {
    echo "nothing listens at $BOOTSTRAP"
    exit 1
}
[ ! -e "$LATCH" ] || exit 0

partitions || {
    echo "no answer: $(last_words)"
    exit 1
}
behind=$(of_partitions 'has($3, broker) && !has($4, broker) { print $1 "-" $2 }' "${POD_NAME##*-}")
if [ -n "$behind" ]; then
    echo "catching up with $(count "$behind") partitions: $(printf '%s\n' "$behind" | listed)"
    exit 1
fi
short=$(of_partitions 'size($4) < $5 && size($4) < size($3) { print $1 "-" $2 }')
if [ -n "$short" ]; then
    echo "in sync itself; $(count "$short") partitions lack others:" \
        "$(printf '%s\n' "$short" | listed)"
    exit 1
fi
: >"$LATCH"
