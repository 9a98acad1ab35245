# shellcheck shell=sh
# What the scripts that ask Kafka's brokers have in common; they read it with ".".
#
# BOOTSTRAP          where the brokers answer
# CLIENT_PROPERTIES  how to log in: a file of Kafka's Java clients
# KAFKA_LIBS         Kafka's classes
# TOOL_TIMEOUT       seconds that one question may take

# Run the tool $1, one of org.apache.kafka.tools; what it says is in SAID.
tool() {
    tool_at "$BOOTSTRAP" "$CLIENT_PROPERTIES" "$TOOL_TIMEOUT" "$@"
}

# Run the tool $4 at the address $1, with the login in $2, for at most $3 seconds. The launcher's
# options are not for it: it would claim the port of the metrics agent. It is told when to give up
# by its client's settings, since its own default is a minute; a broker that hangs gets a third
# of the time, so that another can be asked.
tool_at() {
    tool_address=$1 tool_login=$2 tool_limit=$3 tool_class=$4
    shift 4
    SAID=$({
        cat "$tool_login"
        printf '\n%s=%s\n' default.api.timeout.ms "${tool_limit}000" \
            request.timeout.ms $((tool_limit * 1000 / 3)) \
            socket.connection.setup.timeout.ms $((tool_limit * 1000 / 3))
    } | env -u JDK_JAVA_OPTIONS java -Xmx96m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
        -cp "$KAFKA_LIBS/*" "org.apache.kafka.tools.$tool_class" \
        --bootstrap-server "$tool_address" --command-config /dev/stdin "$@" 2>&1)
}

# Write the last words of a tool that failed, on one line.
last_words() {
    printf '%s\n' "$SAID" |
        sed -e '/^[[:space:]]*at /d' -e '/^[[:space:]]*\.\.\. /d' -e '/^[[:space:]]*$/d' \
            -e 's/^[-0-9:.TZ]* main ERROR //' |
        tail -n 1 | cut -c 1-300
}

# Write one line for each partition to PARTITIONS, separated by tabs: topic, number, replicas,
# those in sync, and how many must be. A topic that does not say the last needs one.
partitions() {
    tool TopicCommand --describe || return 1
    PARTITIONS=$(printf '%s\n' "$SAID" | awk -F '\t' -v OFS='\t' '
        function value(field) { sub(/^[A-Za-z]*: ?/, "", field); return field }
        /^Topic: / {
            least = 1
            if (match($0, /min\.insync\.replicas=[0-9]+/))
                least = substr($0, RSTART + 20, RLENGTH - 20)
        }
        /^\tTopic: / { print value($2), value($3), value($5), value($6), least }')
}

# Write what the awk program $1 says of the partitions, where broker is $2 and may_pause $3. It has
# functions for lists of brokers.
of_partitions() {
    printf '%s\n' "$PARTITIONS" | awk -F '\t' -v broker="${2:-}" -v may_pause="${3:-}" '
        function has(list, one) { return index("," list ",", "," one ",") > 0 }
        function size(list, parts) { return split(list, parts, ",") }
        NF < 5 { next }
        '"$1"
}

# Write the words on standard input as a list, the first five of them.
listed() {
    awk '
        NF { if (++count <= 5) words = words (count > 1 ? ", " : "") $0 }
        END { print words (count > 5 ? " and " count - 5 " more" : "") }'
}

# Write how many words there are in $1, one on a line.
count() {
    printf '%s\n' "$1" | awk 'NF { count++ } END { print count + 0 }'
}

# Tell whether something listens at the port of BOOTSTRAP in this pod.
listens() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$(printf ':%04X' "${BOOTSTRAP##*:}")" '
            $4 == "0A" && substr($2, length($2) - 4) == port { found = 1 }
            END { exit !found }'
}
