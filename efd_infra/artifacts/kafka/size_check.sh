#!/bin/sh
# Refuse another number of brokers where that would lose something.
#
# Brokers that go must have no replicas left. And the nodes that vote must stay the same: two new
# ones, which know nothing, would be a majority against one that knows the cluster. Exit code 3
# refuses; another than 0 is an accident, and worth another attempt.
#
# BOOTSTRAP     all brokers; the rest of the access is in admin.sh and presence.sh
# BROKERS       how many there are to be
# CONTROLLERS   how many of them are to vote
# SETTINGS_DIR  holds admin.sh and presence.sh
# shellcheck disable=SC2016 # what is between single quotes is for awk
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"
# shellcheck source=efd_infra/artifacts/kafka/presence.sh
. "$SETTINGS_DIR/presence.sh"

presence
tool MetadataQuorumCommand describe --status || refuse "no answer: $(last_words)"
voters=$(printf '%s\n' "$SAID" | sed -n 's/^CurrentVoters: *//p' | grep -o '"id":' | wc -l)
voters=$((voters))
[ "$voters" -eq "$CONTROLLERS" ] || refuse "$voters of the brokers vote in the controllers' quorum," \
    "and with $BROKERS brokers it would be $CONTROLLERS. A quorum cannot be changed in this way:" \
    "nodes that know nothing would outvote those that do. Keep the number of brokers" \
    "$([ "$CONTROLLERS" -gt "$voters" ] && echo "below 3" || echo "at 3 or above"), or begin a new cluster."

gone=$(of_partitions '
    { for (i = split($3, replica, ","); i > 0; i--) if (replica[i] + 0 >= broker) held[replica[i]]++ }
    END { for (one in held) print "broker " one " with " held[one] }' "$BROKERS" | sort)
[ -z "$gone" ] || refuse "with $BROKERS brokers these would go, which still have replicas:" \
    "$(printf '%s\n' "$gone" | listed). Move their partitions first" \
    "(kafka-reassign-partitions)."
echo "$BROKERS brokers, of which $CONTROLLERS vote: nothing would be lost"
