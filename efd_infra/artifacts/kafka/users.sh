#!/bin/sh
# Bring Kafka's users, their rules and their quotas to what the site says.
#
# Every user with a password, and every rule and quota of a user, belongs to the site: what it does
# not name is removed. Rules are compared and only the differences applied. Passwords cannot be
# compared, since brokers keep none: each run sets them all, which disturbs nobody who has the
# right one. They are read from files and reach Kafka's tool through a pipe, so that they are in
# no argument list, environment, log or file of this container.
#
# BOOTSTRAP          where the brokers answer
# CLIENT_PROPERTIES  how this script logs in there
# KAFKA_LIBS         Kafka's classes
# MECHANISM          how users log in
# PATIENCE           seconds to wait for the brokers
# SETTINGS_DIR       holds users, rules and quotas
# USERS_DIR          holds <user>/password
# WORK_DIR           a scratch directory
# Arguments are the options of the JVM.
# Without -f an asterisk, which stands for every topic, would become the names of files.
set -euf

tab=$(printf '\t')
# No name of Kafka's can hold it.
between=$(printf '\001')
options=$*

fail() {
    echo "error: $1" >&2
    exit 1
}

# Run one of Kafka's tools; what it says goes to a file.
tool() {
    class=$1
    shift
    # shellcheck disable=SC2086 -- options are words
    java $options -cp "$KAFKA_LIBS/*" "$class" --bootstrap-server "$BOOTSTRAP" \
        --command-config "$CLIENT_PROPERTIES" "$@" >"$WORK_DIR/said" 2>&1
}

acls() {
    tool org.apache.kafka.tools.AclCommand "$@"
}

configs() {
    tool kafka.admin.ConfigCommand --entity-type users "$@"
}

# End with the last words of a tool that failed at $1. It repeats a setting that it does not like.
fail_at() {
    fail "$1: $(sed -e '/^[[:space:]]*at /d' -e 's/password=.*/password=.../' "$WORK_DIR/said" |
        tail -n 3)"
}

# Write the rules that Kafka listed: principal, permission, host, operation, kind, pattern, name.
listed_rules() {
    awk -v OFS='\t' '
        /^Current ACLs for resource/ {
            kind = $0; sub(/.*\(resourceType=/, "", kind); sub(/, name=.*/, "", kind)
            name = $0; sub(/.*\(resourceType=[A-Z_]*, name=/, "", name)
            pattern = name; sub(/.*, patternType=/, "", pattern); sub(/\).*/, "", pattern)
            sub(/, patternType=[A-Z]*\).*/, "", name)
        }
        /\(principal=.*, host=.*, operation=.*, permissionType=/ {
            who = $0; sub(/.*\(principal=/, "", who)
            host = who; sub(/.*, host=/, "", host)
            operation = host; sub(/.*, operation=/, "", operation)
            permission = operation; sub(/.*, permissionType=/, "", permission)
            sub(/\).*/, "", permission); sub(/, permissionType=.*/, "", operation)
            sub(/, operation=.*/, "", host); sub(/, host=.*/, "", who)
            print who, permission, host, operation, kind, pattern, name
        }' "$WORK_DIR/said" | sort -u
}

# Write the users that Kafka listed, each with a mechanism.
listed_users() {
    awk '
        /^SCRAM credential configs for user-principal / {
            name = $0; sub(/^[^\047]*\047/, "", name); sub(/\047 are SCRAM.*/, "", name)
            mechanisms = $0; sub(/.*\047 are /, "", mechanisms)
            count = split(mechanisms, each, /, /)
            for (i = 1; i <= count; i++) { sub(/=.*/, "", each[i]); print name "\t" each[i] }
        }' "$WORK_DIR/said" | sort -u
}

# Write the quotas that Kafka listed: user, name, bytes per second.
listed_quotas() {
    awk -v OFS='\t' '
        /^Quota configs for user-principal / {
            name = $0; sub(/^[^\047]*\047/, "", name); sub(/\047 are .*/, "", name)
            quotas = $0; sub(/.*\047 are /, "", quotas)
            count = split(quotas, each, /, /)
            for (i = 1; i <= count; i++) {
                split(each[i], pair, "=")
                print name, pair[1], sprintf("%.0f", pair[2])
            }
        }' "$WORK_DIR/said" | sort -u
}

# Add or remove, as $1 says, the rules on standard input; those that differ in their operation or
# in the name alone take one call.
change_rules() {
    awk -F '\t' -v OFS='\t' '
        { key = $1 OFS $2 OFS $3 OFS $5 OFS $6 OFS $7 }
        !(key in operations) { keys[++count] = key }
        { operations[key] = operations[key] " " $4 }
        END { for (i = 1; i <= count; i++) print keys[i], substr(operations[keys[i]], 2) }' |
        awk -F '\t' -v OFS='\t' -v between="$between" '
            { key = $1 OFS $2 OFS $3 OFS $4 OFS $5 OFS $7 }
            !(key in names) { keys[++count] = key }
            { names[key] = names[key] between $6 }
            END { for (i = 1; i <= count; i++) print keys[i], substr(names[keys[i]], 2) }' |
        while IFS=$tab read -r who permission host kind pattern operations names; do
            # No tool may read the rest of the rules from standard input.
            change_rule "$1" "$who" "$permission" "$host" "$kind" "$pattern" "$operations" \
                "$names" </dev/null
        done
}

# Add or remove, as $1 says, the rule of $2 to $6 for the operations in $7 on the names in $8.
change_rule() {
    word="$1 $3 of $7 on $(echo "$5 $6" | tr '[:upper:]' '[:lower:]') \
$(echo "$8" | sed "s/$between/, /g") to $2"
    permit=$(echo "$3" | tr '[:upper:]' '[:lower:]')
    change=$1 who=$2 host=$4 kind=$5 pattern=$6 operations=$7 names=$8
    set --
    IFS=$between
    for name in $names; do
        case $kind in
        CLUSTER) set -- "$@" --cluster ;;
        USER) set -- "$@" --user-principal "$name" ;;
        *) set -- "$@" "--$(echo "$kind" | tr 'A-Z_' 'a-z-')" "$name" ;;
        esac
    done
    unset IFS
    for operation in $operations; do
        set -- "$@" --operation "$(echo "$operation" | tr -d _)"
    done
    acls "--$change" --force "--$permit-principal" "$who" "--$permit-host" "$host" \
        --resource-pattern-type "$pattern" "$@" || fail_at "$word"
    echo "$word"
}

# Give user $1 the password in its file.
set_password() {
    [ -s "$USERS_DIR/$1/password" ] || fail "$1 has no password"
    printf '%s=password=%s\n' "$MECHANISM" "$(cat "$USERS_DIR/$1/password")" |
        configs --alter --entity-name "$1" --add-config-file /dev/stdin ||
        fail_at "set the password of $1"
}

# Write the lines of file $1 that are not in file $2.
without() {
    awk 'FILENAME == ARGV[1] { other[$0]; next } !($0 in other)' "$2" "$1"
}

count() {
    echo $(($(wc -l <"$1")))
}

echo "waiting for $BOOTSTRAP"
end=$(($(date +%s) + PATIENCE))
until acls --list; do
    [ "$(date +%s)" -lt "$end" ] || fail_at "$BOOTSTRAP does not answer"
    sleep 2
done
# Of other principals than users there is none here: nobody shows a certificate of his own.
listed_rules | grep '^User:' >"$WORK_DIR/rules" || true
configs --describe || fail_at "list the users"
listed_users >"$WORK_DIR/users"
listed_quotas >"$WORK_DIR/quotas"
sed "s/\$/$tab$MECHANISM/" "$SETTINGS_DIR/users" >"$WORK_DIR/wanted"

without "$SETTINGS_DIR/rules" "$WORK_DIR/rules" >"$WORK_DIR/missing"
without "$WORK_DIR/rules" "$SETTINGS_DIR/rules" >"$WORK_DIR/extra"
without "$WORK_DIR/users" "$WORK_DIR/wanted" >"$WORK_DIR/gone"
without "$WORK_DIR/wanted" "$WORK_DIR/users" >"$WORK_DIR/new"

cut -f 1,2 "$SETTINGS_DIR/quotas" >"$WORK_DIR/limited"
cut -f 1,2 "$WORK_DIR/quotas" >"$WORK_DIR/were-limited"
without "$WORK_DIR/were-limited" "$WORK_DIR/limited" >"$WORK_DIR/unlimited"
without "$SETTINGS_DIR/quotas" "$WORK_DIR/quotas" >"$WORK_DIR/other-quotas"

# First what ends a right, then what gives one: a failure in between leaves less, never more.
while IFS=$tab read -r user mechanism; do
    configs --alter --entity-name "$user" --delete-config "$mechanism" </dev/null ||
        fail_at "remove user $user"
    echo "remove user $user ($mechanism)"
done <"$WORK_DIR/gone"
change_rules remove <"$WORK_DIR/extra"
change_rules add <"$WORK_DIR/missing"
while read -r user; do
    set_password "$user"
    if grep -q "^$user$tab" "$WORK_DIR/new"; then
        echo "add user $user"
    fi
done <"$SETTINGS_DIR/users"

while IFS=$tab read -r user quota; do
    configs --alter --entity-name "$user" --delete-config "$quota" </dev/null ||
        fail_at "remove $quota of $user"
    echo "remove $quota of $user"
done <"$WORK_DIR/unlimited"
while IFS=$tab read -r user quota rate; do
    configs --alter --entity-name "$user" --add-config "$quota=$rate" </dev/null ||
        fail_at "set $quota of $user"
    echo "set $quota of $user to $rate"
done <"$WORK_DIR/other-quotas"

changes=0
for list in gone extra missing new unlimited other-quotas; do
    changes=$((changes + $(count "$WORK_DIR/$list")))
done
echo "users: $(count "$SETTINGS_DIR/users"), rules: $(count "$SETTINGS_DIR/rules")," \
    "changes: $changes; all passwords are set"
