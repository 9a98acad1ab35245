#!/bin/sh
# Bring Schema Registry's compatibility level and mode to what the site says.
#
# Both are compared first, so that a run that finds them right writes nothing.
#
# COMPATIBILITY  the level where a subject has none of its own
# MODE           READWRITE or READONLY
# PATIENCE       seconds to wait for the registry
# REGISTRY_URL   where it answers
set -eu

fail() {
    echo "error: $1" >&2
    exit 1
}

# Ask for, or with a body as $2 set, what stands at $1; print the answer.
call() {
    if [ $# -eq 1 ]; then
        curl --silent --show-error --fail-with-body --max-time 30 "$REGISTRY_URL/$1"
    else
        curl --silent --show-error --fail-with-body --max-time 30 --request PUT \
            --header 'Content-Type: application/vnd.schemaregistry.v1+json' \
            --data "$2" "$REGISTRY_URL/$1"
    fi
}

# Make $1 say $3, which an answer calls $2 and a request $4.
bring() {
    answer=$(call "$1" 2>&1) || fail "$1 cannot be read: $answer"
    have=$(printf '%s' "$answer" | sed -n "s/.*\"$2\" *: *\"\([A-Z_]*\)\".*/\1/p")
    if [ "$have" = "$3" ]; then
        echo "$1 is $3"
        return
    fi
    answer=$(call "$1" "{\"$4\": \"$3\"}" 2>&1) || fail "$1 cannot be set to $3: $answer"
    echo "$1 was ${have:-unset} and is now $3"
}

end=$(($(date +%s) + PATIENCE))
until said=$(call subjects 2>&1); do
    [ "$(date +%s)" -lt "$end" ] || fail "$REGISTRY_URL does not answer: $said"
    sleep 2
done
bring config compatibilityLevel "$COMPATIBILITY" compatibility
bring mode mode "$MODE" mode
