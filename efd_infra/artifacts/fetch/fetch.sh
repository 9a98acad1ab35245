#!/bin/sh
# What every script that fetches pinned files begins with.

# fetch URL SHA256 FILE: get FILE; fail, without one, if it cannot be had.
#
# Repeated with growing pauses, FETCH_RETRIES times. A digest that differs ends the pod: nothing
# unknown runs beside the data.
fetch() {
    if ! curl --fail --silent --show-error --location --connect-timeout 20 --max-time 300 \
        --retry "$FETCH_RETRIES" --retry-all-errors --output "$3" "$1"; then
        rm -f "$3"
        return 1
    fi
    found=$(sha256sum <"$3")
    if [ "${found%% *}" != "$2" ]; then
        rm -f "$3"
        echo "error: $1 has the digest ${found%% *}; allowed: $2" >&2
        exit 1
    fi
}
