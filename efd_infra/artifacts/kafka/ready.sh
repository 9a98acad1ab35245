#!/bin/sh
# Tell whether this broker counts as one of the cluster: the probe of readiness.
#
# StatefulSets and disruption budgets go by it, and take the next broker. in_sync.sh finds out.
#
# BOOTSTRAP     this very broker
# LATCH         where in_sync.sh notes that it has caught up since its start
# SETTINGS_DIR  holds admin.sh
set -eu
# shellcheck source=efd_infra/artifacts/kafka/admin.sh
. "$SETTINGS_DIR/admin.sh"

if [ ! -e "$LATCH" ]; then
    cat "$LATCH.not" 2>/dev/null || echo "starting"
    exit 1
fi
listens || {
    echo "nothing listens at $BOOTSTRAP"
    exit 1
}
