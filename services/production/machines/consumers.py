"""Definitions of machines are copied, and new machines begin their first state."""

from services.production.machines.commands import define_machines
from shared.contracts.orders.definitions import MachineDefined
from shared.kit.consumer import on

CONSUMES = [on(MachineDefined, define_machines)]
