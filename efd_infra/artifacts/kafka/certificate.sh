#!/bin/sh
# Give the broker the certificate of its encrypted listener, and each renewed one while it runs.
#
# Kafka takes key and chain from one file, KEYSTORE, which is here before the broker starts. From
# then on the Secret's files are looked at; the kubelet replaces them in place. A renewed pair is
# checked, becomes the file, and the broker is told to read it: new connections get the new
# certificate, those that there are go on. Whatever goes wrong, the old one stays in use, the
# reason is logged, and it is tried again at the next look.
#
# What is there at the start is refused only if Kafka cannot use it at all: without the listener's
# certificate there would be no broker, inside the cluster neither.
#
# BOOTSTRAP          where the broker answers its administrator
# BOOTSTRAP_HOST     the name that clients begin with
# CERTIFICATE_DIR    holds tls.key and tls.crt
# CLIENT_PROPERTIES  how the broker's administrator logs in
# KAFKA_LIBS         Kafka's classes
# KEYSTORE           the file to keep, in a directory of the pod
# LISTENER           the listener's name
# PERIOD             seconds between two looks
# POD_NAME           ends with the broker's number
# SETTINGS_DIR       holds the table of listeners (see start.sh)
# Arguments are the options of the JVM, which runs for a moment after a renewal.
set -eu
umask 077

node=${POD_NAME##*-}
options=$*
setting="listener.name.$(echo "$LISTENER" | tr '[:upper:]' '[:lower:]').ssl.keystore.location"
draft=$KEYSTORE.draft
said=
# Looks to leave out after the broker did not take a pair, which two JVMs ask it to.
rest=0

port=$(awk -v name="$LISTENER" '$1 == name { print $2 }' "$SETTINGS_DIR/listeners")
own=$(awk -v name="$LISTENER" '$1 == name { print $3 }' "$SETTINGS_DIR/listeners" |
    sed "s/{broker}/$node/g")

log() {
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $1"
}

# Say what is wrong, once for as long as it is the same.
complain() {
    if [ "$1" != "$said" ]; then
        said=$1
        log "error: $1" >&2
    fi
}

# Write the first block of a PEM file of the kind $1 as hexadecimal digits, in a line.
hexadecimal() {
    # keytool ends its lines as DOS does.
    tr -d '\r' | awk -v kind="$1" '
        $0 ~ "^-----BEGIN " kind "-----" { inside = 1; next }
        inside && /^-----END/ { exit }
        inside' | base64 -d 2>/dev/null | od -An -v -tx1 | tr -d ' \n'
    echo
}

facts_of() {
    { hexadecimal 'PRIVATE KEY' <"$1"; hexadecimal CERTIFICATE <"$1"; } |
        awk -f "$SETTINGS_DIR/certificate.awk"
}

# Write the fact $1 of the facts $2.
fact() {
    echo "$2" | sed -n "s/^$1 //p"
}

# Whether the facts $2 name host $1; an asterisk is for one label.
has() {
    fact name "$2" | grep -qxF -e "$1" -e "*.${1#*.}"
}

# Write the pair that the Secret holds as Kafka reads it; its directory is replaced as a whole.
draft_from_secret() (
    cd -P "$CERTIFICATE_DIR/..data" 2>/dev/null || cd -P "$CERTIFICATE_DIR"
    awk 1 tls.key tls.crt >"$draft"
)

# Write why Kafka cannot use the pair in file $1 with the facts $2.
unusable() {
    if ! grep -q -e '-----BEGIN PRIVATE KEY-----' "$1"; then
        echo 'tls.key is no PKCS#8 key (BEGIN PRIVATE KEY): openssl pkcs8 -topk8 -nocrypt'
    elif [ -z "$(fact until "$2")" ] || [ -z "$(fact certificate "$2")" ]; then
        echo 'tls.key or tls.crt cannot be read'
    elif [ -z "$(fact kind "$2")" ]; then
        echo 'tls.key is no RSA and no EC key'
    elif [ -z "$(fact key "$2")" ]; then
        echo 'tls.key lacks its public half, so nobody knows whose it is: openssl pkey adds it'
    elif [ "$(fact key "$2")" != "$(fact certificate "$2")" ]; then
        echo 'tls.key is not the key of tls.crt'
    fi
}

# Write why a renewed pair with the facts $2 must not replace the one in use, of the facts $1.
unwelcome() {
    now=$(date -u +%Y%m%d%H%M%S)
    if [ "$(fact until "$2")" -le "$now" ]; then
        echo "the certificate has expired ($(fact until "$2"))"
    elif [ "$(fact from "$2")" -gt "$now" ]; then
        echo "the certificate is not valid yet ($(fact from "$2"))"
    fi
    for host in $BOOTSTRAP_HOST $own; do
        if has "$host" "$1" && ! has "$host" "$2"; then
            echo "the certificate lacks $host, which the one in use has"
        fi
    done
}

# Say what clients will not like about a pair with the facts $1.
remark() {
    for host in $BOOTSTRAP_HOST $own; do
        has "$host" "$1" || log "warning: the certificate lacks $host" >&2
    done
    [ "$(fact until "$1")" -gt "$(date -u +%Y%m%d%H%M%S)" ] ||
        log "warning: the certificate has expired ($(fact until "$1"))" >&2
}

configure() {
    # shellcheck disable=SC2086 -- options are words
    java $options -cp "$KAFKA_LIBS/*" kafka.admin.ConfigCommand \
        --bootstrap-server "$BOOTSTRAP" --command-config "$CLIENT_PROPERTIES" \
        --entity-type brokers --entity-name "$node" --alter "$@" 2>&1
}

# Make the broker read its file again. That a setting is set makes it do so, and as the value is
# the one that it has, it can be removed: nothing of it stays in the cluster's metadata.
reload() {
    configure --add-config "$setting=$KEYSTORE" && configure --delete-config "$setting"
}

# The certificate that new connections get. That its key is the right one this does not say:
# keytool looks no further.
shown() {
    JAVA_TOOL_OPTIONS=$options keytool -printcert -rfc -sslserver "localhost:$port" 2>/dev/null |
        hexadecimal CERTIFICATE
}

# Replace the pair in use by the one in $draft, with the facts $1.
replace() {
    cp "$KEYSTORE" "$KEYSTORE.old"
    mv "$draft" "$KEYSTORE"
    if ! reply=$(reload); then
        reply=$(echo "$reply" | sed '/^[[:space:]]*at /d' | tail -n 3)
        complain "the broker does not read the renewed pair: $reply"
    elif [ "$(shown)" != "$(hexadecimal CERTIFICATE <"$KEYSTORE")" ]; then
        complain 'the broker does not show the renewed certificate'
    else
        said=
        rm "$KEYSTORE.old"
        log "renewed: valid until $(fact until "$1")"
        remark "$1"
        return
    fi
    mv "$KEYSTORE.old" "$KEYSTORE"
    # A broker that is away reads it when it starts.
    reload >/dev/null || true
    rest=20
}

look() {
    if ! draft_from_secret 2>/dev/null; then
        complain 'tls.key and tls.crt are not there'
        return
    elif cmp -s "$draft" "$KEYSTORE"; then
        said=
        rm "$draft"
        return
    fi
    facts=$(facts_of "$draft") || true
    reason=$(unusable "$draft" "$facts")
    [ -n "$reason" ] || reason=$(unwelcome "$(facts_of "$KEYSTORE")" "$facts")
    if [ -n "$reason" ]; then
        complain "the renewed pair is refused: $reason"
    else
        replace "$facts"
    fi
}

trap 'exit 0' TERM INT

# After a restart of this container the file is there, and may be better than the Secret.
if [ ! -s "$KEYSTORE" ]; then
    draft_from_secret
    facts=$(facts_of "$draft") || true
    reason=$(unusable "$draft" "$facts")
    if [ -n "$reason" ]; then
        log "error: $reason" >&2
        exit 1
    fi
    remark "$facts"
    mv "$draft" "$KEYSTORE"
    log "written: valid until $(fact until "$facts")"
fi

while :; do
    # A shell that waits for a child hears no signal; this one is to end at once.
    sleep "$PERIOD" &
    wait $!
    if [ "$rest" -gt 0 ]; then
        rest=$((rest - 1))
    else
        look
    fi
done
