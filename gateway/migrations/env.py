"""Runs the gateway's revisions."""

from shared.kit.migrations import run_env

run_env()
