#!/bin/sh
# Make the database at the first start and serve it. PGDATA is where it lies, in a folder that a
# volume is mounted at; POSTGRES_USER (the administrator), POSTGRES_DB and POSTGRES_PASSWORD_FILE
# are read when it is made.
set -eu

: "${PGDATA:=/var/lib/postgresql/data/pgdata}" "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"

if [ ! -e "$PGDATA" ]; then
    # Under another name until it is whole: a killed start begins anew.
    draft=$PGDATA.draft
    rm -rf "$draft"
    initdb --pgdata="$draft" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
    echo 'host all all all scram-sha-256' >>"$draft/pg_hba.conf"
    if [ "$POSTGRES_DB" != postgres ]; then
        echo "CREATE DATABASE \"$POSTGRES_DB\"" |
            postgres --single -D "$draft" postgres >/dev/null
    fi
    mv "$draft" "$PGDATA"
fi

exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
