#!/bin/sh
# Make the database at the first start and serve it. PGDATA is where it lies; POSTGRES_USER (the
# administrator), POSTGRES_DB and POSTGRES_PASSWORD_FILE are read when it is made.
set -eu

: "${PGDATA:=/var/lib/postgresql/data}" "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
export PGDATA

if [ ! -e "$PGDATA/PG_VERSION" ]; then
    # Under another name until it is whole: a killed start begins anew.
    draft=$PGDATA/.draft
    rm -rf "$draft"
    mkdir -p "$draft"
    chmod 0700 "$draft"
    initdb --pgdata="$draft" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
    echo 'host all all all scram-sha-256' >>"$draft/pg_hba.conf"
    if [ "$POSTGRES_DB" != postgres ]; then
        echo "CREATE DATABASE \"$POSTGRES_DB\"" |
            postgres --single -D "$draft" postgres >/dev/null
    fi
    # The file that says there is a database comes last.
    for each in "$draft"/*; do
        [ "${each##*/}" = PG_VERSION ] || mv "$each" "$PGDATA/"
    done
    mv "$draft/PG_VERSION" "$PGDATA/"
    rmdir "$draft"
fi

exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
