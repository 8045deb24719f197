"""What readiness learns of the floor: how long jobs ran for what they made, and which days have records."""

from services.orders.readiness.commands.measurements import count_days, measure_jobs
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on

CONSUMES = [
    on(JobChanged, measure_jobs),
    on(ResultReported, count_days),
]
