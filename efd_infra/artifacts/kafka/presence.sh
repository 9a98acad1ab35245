# shellcheck shell=sh
# What the checks before a change have in common: whether there is a cluster, and how they refuse.
# They read admin.sh and then this with ".".
#
# KNOWN_NAME    host and port of something that always has a name here
# PATIENCE      seconds to wait for what may come back

END=$(($(date +%s) + PATIENCE))

# End with exit code 3: nothing may be changed, and another attempt would say the same.
refuse() {
    echo "refused: $*" >&2
    exit 3
}

# Tell whether the address $1 has a name that resolves; nobody needs to answer there.
resolves() {
    tool_at "$1" /dev/null 1 TopicCommand --list ||
        [ "${SAID#*No resolvable bootstrap}" = "$SAID" ]
}

# Look at the brokers, or wait for them. The script ends well where there are none: the name of
# their Service has an address for each pod that runs, ready or not. It does not where names do
# not resolve at all, nor where pods have addresses and nobody answers.
presence() {
    until partitions; do
        if [ "${SAID#*No resolvable bootstrap}" != "$SAID" ]; then
            resolves "$KNOWN_NAME" ||
                refuse "neither $BOOTSTRAP nor $KNOWN_NAME resolves: ask the cluster's DNS"
            echo "no broker runs, ${BOOTSTRAP%:*} has no address: there is nothing to keep in sync"
            exit 0
        fi
        [ "$(date +%s)" -lt "$END" ] || refuse "there are brokers at $BOOTSTRAP, but none answers:" \
            "$(last_words). If they shall be changed nevertheless, set" \
            "streaming.kafka.checkedChanges to false for that one change."
        sleep 2
    done
}
