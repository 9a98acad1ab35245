#!/bin/sh
# Refuse a change for which the brokers would restart one by one, while that would hurt.
#
# It would stop the producers of topics that have no replica to spare, and of others while a replica
# is out of sync. Exit code 3 refuses; another than 0 is an accident, and worth another attempt.
#
# BOOTSTRAP     all brokers; the rest of the access is in admin.sh and presence.sh
# MAY_PAUSE     prefixes of topics whose producers may wait, with blanks between them; * is all
# SETTINGS_DIR  holds admin.sh and presence.sh
# shellcheck disable=SC2016 # what is between single quotes is for awk
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"
# shellcheck source=efd_infra/artifacts/kafka/presence.sh
. "$SETTINGS_DIR/presence.sh"

# Tell whether the cluster has one broker.
alone() {
    tool MetadataQuorumCommand describe --replication || refuse "no answer: $(last_words)"
    [ "$(printf '%s\n' "$SAID" | grep -c -E '(Leader|Follower|Observer)[[:space:]]*$')" -eq 1 ]
}

# Write the brokers whose replicas are out of sync.
out() {
    of_partitions '
        { for (i = split($3, replica, ","); i > 0; i--) if (!has($4, replica[i])) out[replica[i]] }
        END { for (one in out) print one }' | sort -n
}

# Write the last broker that has a replica.
last() {
    of_partitions '{ print $3 }' | tr ',' '\n' | sort -n | tail -n 1
}

presence
few=$(of_partitions '
    BEGIN { prefixes = split(may_pause, prefix, " ") }
    size($3) <= $5 && !($1 in seen) {
        seen[$1]
        for (i = 1; i <= prefixes; i++)
            if (prefix[i] == "*" || index($1, prefix[i]) == 1) next
        print $1 " (" size($3) ", min.insync.replicas " $5 ")"
    }' "" "${MAY_PAUSE:-}")
if [ -n "$few" ]; then
    if alone; then
        echo "one broker: nothing can be kept in service while it restarts"
        exit 0
    fi
    refuse "the brokers would restart one by one, and $(count "$few") topics have too few replicas" \
        "to be written meanwhile: $(printf '%s\n' "$few" | listed). Give them more replicas, or" \
        "name the prefix in streaming.kafka.mayPause if their producers may wait."
fi

while missing=$(out) && [ -n "$missing" ]; do
    if [ "$missing" = "$(last)" ]; then
        echo "broker $missing is out of sync, and is the first to restart: that harms nothing"
        exit 0
    fi
    behind=$(of_partitions 'size($4) < size($3) { print $1 "-" $2 }')
    words="broker $(printf '%s\n' "$missing" | listed) is out of sync with"
    words="$words $(count "$behind") partitions: $(printf '%s\n' "$behind" | listed)"
    [ "$(date +%s)" -lt "$END" ] || refuse "the brokers would restart one by one, but $words." \
        "Bring it back first: another one that stops now would stop producers."
    echo "waiting: $words"
    sleep 5
    presence
done
echo "every replica is in sync: the brokers may restart one by one"
