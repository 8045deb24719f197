"""Holds PostgreSQL and NATS on the data folder given, tells where they are, and waits to be ended."""

import json
import os
import signal
import sys
from pathlib import Path

from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from infra.local.postgres import EmbeddedPostgres
from infra.local.supervisor import Supervisor

ADDRESS = "http://192.168.0.7:8000"


def main(folder: str) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with DataFolder(Path(folder), minimum_free=0) as data:
        postgres, nats = EmbeddedPostgres(data), EmbeddedNats(data)
        with Supervisor([postgres, nats]):
            data.announce(ADDRESS)
            facts = {"uid": os.geteuid(), "address": ADDRESS, "database": postgres.url, "nats": nats.url}
            sys.stdout.write(json.dumps(facts) + "\n")
            sys.stdout.flush()
            signal.sigwait({signal.SIGTERM})


main(sys.argv[1])
