#!/bin/sh
# Raise the version of the cluster's metadata to RELEASE, and of what comes with it; never lower it.
#
# Two features stay as they are. With eligible.leader.replicas.version the cluster would forget the
# file's min.insync.replicas; kraft.version is for quorums whose members change at run time.
#
# BOOTSTRAP     all brokers; the rest of the access is in admin.sh
# PATIENCE      seconds to wait for the brokers
# RELEASE       such as 4.3
# SETTINGS_DIR  holds admin.sh
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"

fail() {
    echo "error: $*" >&2
    exit 3
}

# Write the name and the finalized level of each feature that the tool described.
finalized() {
    printf '%s\n' "$SAID" | awk '
        $1 == "Feature:" { name = $2; sub(/.*FinalizedVersionLevel: */, ""); print name "\t" $1 }'
}

# Write the level of feature $1.
level() {
    printf '%s\n' "$before" | awk -v name="$1" '$1 == name { print $2 }'
}

end=$(($(date +%s) + PATIENCE))
until tool FeatureCommand describe; do
    [ "$(date +%s)" -lt "$end" ] || {
        echo "error: $BOOTSTRAP does not answer: $(last_words)" >&2
        exit 1
    }
    sleep 2
done
before=$(finalized)
now=$(level metadata.version)
tool FeatureCommand version-mapping --release-version "$RELEASE" ||
    fail "streaming.kafka.metadataVersion $RELEASE: $(last_words)"
wanted=$SAID
echo "${now%-*} $RELEASE" | awk '
    { split($1, now, "."); split($2, then, ".") }
    END { exit now[1] + 0 > then[1] + 0 || now[1] == then[1] && now[2] + 0 > then[2] + 0 }' ||
    fail "streaming.kafka.metadataVersion $RELEASE: the brokers are at $now, which is never" \
        "lowered; say ${now%-*} or more, or nothing"

set --
for pair in $(printf '%s\n' "$wanted" | sed -n 's/^\([a-z.]*=[0-9]*\).*/\1/p'); do
    name=${pair%=*}
    case $name in
    kraft.version | eligible.leader.replicas.version) continue ;;
    metadata.version) ;; # the tool says it in words, and takes the same number twice
    *)
        have=$(level "$name")
        [ -n "$have" ] && [ "$have" -lt "${pair#*=}" ] || continue
        ;;
    esac
    set -- "$@" --feature "$pair"
done
tool FeatureCommand upgrade "$@" ||
    fail "streaming.kafka.metadataVersion $RELEASE: $(printf '%s\n' "$SAID" | grep -v '^[[:space:]]*at ')"
tool FeatureCommand describe || fail "no answer after the change: $(last_words)"
changed=$(finalized | while read -r name after; do
    have=$(level "$name")
    [ "$have" = "$after" ] || echo "$name from ${have:-nothing} to $after"
done)
if [ -n "$changed" ]; then
    printf 'raised %s\n' "$changed"
else
    echo "metadata.version is $now already: nothing to raise"
fi
