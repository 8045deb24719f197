#!/bin/sh
# The health check of NATS in a container. An engine starts again what has ended, and nothing that lives: a server that
# takes no message any more, as after a full disk, is therefore ended here, once it was not well four times in a row.
# While nothing can be written that would not help, and it is let be.
strikes=${DURE_HEALTH_STRIKES:-/tmp/strikes}
store=$(printf %s "$DURE_NATS_STORE" | tr -d '"')

if wget -q -T 4 -O /dev/null "http://127.0.0.1:$DURE_NATS_MONITOR_PORT/healthz"; then
    rm -f "$strikes"
    exit 0
fi
if dd if=/dev/zero of="$store/.trial" bs=1048576 count=1 conv=fsync 2>/dev/null; then
    echo >>"$strikes"
else
    rm -f "$strikes"
fi
rm -f "$store/.trial"
if [ -e "$strikes" ] && [ "$(wc -l <"$strikes")" -ge 4 ]; then
    rm -f "$strikes"
    echo "not well four times in a row: ended, to be started again"
    kill -TERM "${DURE_NATS_PID:-1}"
fi
exit 1
