#!/bin/sh
# Bring InfluxDB's users, grants, databases and retention policies to what the site says.
#
# Every step can be run again, and nothing is dropped but privileges that the site does not
# grant. Passwords and the key that signs tokens are read from files and reach curl through
# pipes, so that they are in no argument list, environment, log or file of this container.
#
# INFLUXDB_URL  the server
# SETTINGS_DIR  holds databases.influxql and users
# USERS_DIR     holds <user>/password
# SIGNING_KEY   the file with the key that InfluxDB signs tokens with
# WORK_DIR      a scratch directory
set -eu

block=64

# Write the bytes that hexadecimal text stands for.
bytes() {
    for byte in $(printf '%s' "$1" | sed 's/../0x& /g'); do
        printf '%b' "\\0$(printf '%03o' "$byte")"
    done
}

# Write the key, padded to a block of SHA-256, with each byte XORed with $1.
padded_key() {
    count=0
    for byte in $(od -An -v -tu1 "$SIGNING_KEY"); do
        printf '%b' "\\0$(printf '%03o' "$((byte ^ $1))")"
        count=$((count + 1))
    done
    while [ "$count" -lt "$block" ]; do
        printf '%b' "\\0$(printf '%03o' "$1")"
        count=$((count + 1))
    done
}

# Sign standard input as RFC 2104 says: OpenSSL would take the key as an argument only.
hmac_sha256() {
    inner=$({ padded_key 54 && cat; } | sha256sum)
    outer=$({ padded_key 92 && bytes "${inner%% *}"; } | sha256sum)
    bytes "${outer%% *}"
}

base64url() {
    base64 | tr -d '\n=' | tr '+/' '-_'
}

# Write a token that lets the bearer be user $1 for ten minutes. A token works whatever the
# user's password is, so this script can change the administrator's too.
sign_token() {
    header=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    claims=$(printf '{"username":"%s","exp":%d}' "$1" "$(($(date +%s) + 600))" | base64url)
    signature=$(printf '%s.%s' "$header" "$claims" | hmac_sha256 | base64url)
    printf '%s.%s.%s' "$header" "$claims" "$signature"
}

# Send the statement on standard input; $1 is the kind of answer to ask for.
send() {
    curl --silent --show-error --max-time 120 --header "Accept: $1" --header @/dev/fd/3 \
        --data-urlencode q@- "$INFLUXDB_URL/query" 3<<EOF
Authorization: Bearer $token
EOF
}

fail() {
    echo "error: $1" >&2
    exit 1
}

# Run statement $1. An error whose text is in $2 is returned, any other ends the script; $3 is
# shown instead of a statement that holds a password.
run() {
    answer=$(printf '%s' "$1" | send application/json) || fail "${3:-$1}: no answer"
    case $answer in
    *'"error"'*) ;;
    *) return 0 ;;
    esac
    if [ -n "${2:-}" ] && printf '%s' "$answer" | grep -qF "$2"; then
        return 1
    fi
    fail "${3:-$1}: $answer"
}

# Write the rows that statement $1 answers with: values separated by commas, of which the
# first two columns are InfluxDB's own. Call it in an assignment: in a pipe its failure would
# be lost.
rows() {
    table=$(printf '%s' "$1" | send application/csv) || fail "$1: no answer"
    case $table in
    error*) fail "$1: $table" ;;
    esac
    printf '%s\n' "$table" | sed 1d
}

# Write what the server has, one fact a line.
state() {
    databases=$(rows 'SHOW DATABASES')
    for database in $(echo "$databases" | cut -d, -f3); do
        policies=$(rows "SHOW RETENTION POLICIES ON \"$database\"")
        echo "database $database"
        echo "$policies" | awk -F, -v on="$database" \
            '{ print "policy " on "." $3 ": keep " $4 ", shard " $5 ", default " $7 }' |
            sed 's/keep 0s/keep forever/'
    done
    users=$(rows 'SHOW USERS')
    for user in $(echo "$users" | cut -d, -f3,4); do
        grants=$(rows "SHOW GRANTS FOR \"${user%,*}\"")
        echo "user ${user%,*}, administrator ${user#*,}"
        echo "$grants" | awk -F, -v to="${user%,*}" \
            '$3 && $4 != "NO PRIVILEGES" { print "grant " $4 " on " $3 " to " to }' | sort
    done
}

# Make user $1 with the password in its file, or give it that password.
set_password() {
    password=$(sed "s/[\\\\']/\\\\&/g" "$USERS_DIR/$1/password")
    # Accepted without effect if the user has this password and this role already.
    run "CREATE USER \"$1\" WITH PASSWORD '$password'$2" "user already exists" "CREATE USER $1" ||
        {
            run "SET PASSWORD FOR \"$1\" = '$password'" "" "SET PASSWORD FOR $1"
            echo "set the password of $1"
        }
}

# Give user $1 the privileges in $2, written database=PRIVILEGE, and no other.
set_grants() {
    run "REVOKE ALL PRIVILEGES FROM \"$1\""
    for grant in $2; do
        run "GRANT ${grant#*=} ON \"${grant%%=*}\" TO \"$1\""
    done
    granted=$(rows "SHOW GRANTS FOR \"$1\"")
    for database in $(echo "$granted" | cut -d, -f3); do
        case " $2 " in
        *" $database="*) ;;
        *) run "REVOKE ALL PRIVILEGES ON \"$database\" FROM \"$1\"" ;;
        esac
    done
}

# A longer key would have to be hashed first.
[ "$(wc -c <"$SIGNING_KEY")" -le "$block" ] || fail "the signing key has more than $block bytes"

echo "waiting for $INFLUXDB_URL"
until curl --fail --silent --max-time 5 --output /dev/null "$INFLUXDB_URL/ping"; do
    sleep 2
done

read -r administrator _ <"$SETTINGS_DIR/users"
token=$(sign_token "$administrator")
# With no administrator yet, InfluxDB takes this one statement from anybody, and no other.
set_password "$administrator" " WITH ALL PRIVILEGES"
state >"$WORK_DIR/before"

while read -r statement; do
    run "$statement" "retention policy already exists" || true
done <"$SETTINGS_DIR/databases.influxql"

while read -r user grants; do
    if [ "$grants" = admin ]; then
        set_password "$user" " WITH ALL PRIVILEGES"
        run "GRANT ALL PRIVILEGES TO \"$user\""
    else
        set_password "$user" ""
        set_grants "$user" "$grants"
    fi
done <"$SETTINGS_DIR/users"

state >"$WORK_DIR/after"
if diff -U 0 "$WORK_DIR/before" "$WORK_DIR/after" >"$WORK_DIR/changes"; then
    echo "databases, policies, users and grants were as they should be"
else
    grep '^[-+][^-+]' "$WORK_DIR/changes"
fi
