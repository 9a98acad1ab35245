#!/bin/sh
# Fetch the workers' plugins, each into a folder of its own; fetch/fetch.sh comes before.
#
# PLUGINS has a line for each: name, SHA-256 digest, address. A worker without one of them would
# take connectors that it cannot run, so what cannot be had ends the pod, which is tried again.
set -eu

put() {
    folder=$PLUGINS_DIR/$1
    address=${3%%[?#]*}
    file=$PLUGINS_DIR/.${address##*/}
    # What an attempt before this one may have left.
    rm -rf "$folder"
    mkdir -p "$folder"
    if ! fetch "$3" "$2" "$file"; then
        echo "error: plugin $1: $3 could not be fetched" >&2
        exit 1
    fi
    case $file in
    *.jar) mv "$file" "$folder/${address##*/}" ;;
    *.zip) unzip -q -o "$file" -d "$folder" ;;
    *.tar.gz | *.tgz) tar -xzf "$file" -C "$folder" ;;
    esac
    rm -f "$file"
    echo "plugin $1 is in place"
}

echo "$PLUGINS" | while read -r name digest url; do
    put "$name" "$digest" "$url"
done
