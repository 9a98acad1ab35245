#!/bin/sh
# Restart what has failed of one connector, and the connector itself, with back-off: Connect
# leaves a failed task as it is, for ever.
#
# Pauses double, from one minute to half an hour, while something keeps failing.
set -eu

shortest=60
longest=1800
pause=$shortest
url="$CONNECT_URL/connectors/$CONNECTOR/restart?includeTasks=true&onlyFailed=true"

# The shell is process 1 of its container, which ignores signals that nobody traps.
trap 'exit 0' TERM INT

while :; do
    # Refused while the workers rebalance, and while there is no such connector yet.
    answer=$(curl --silent --show-error --fail --max-time 30 --request POST "$url") || answer=
    case $answer in
    *RESTARTING*)
        pause=$((pause * 2 < longest ? pause * 2 : longest))
        echo "$CONNECTOR had failed and is restarted; next look in $pause s: $answer"
        ;;
    *)
        pause=$shortest
        ;;
    esac
    # What the probes look at.
    touch "$LOOKED"
    sleep "$pause" &
    wait $!
done
