"""What work orders learn from the floor: their progress."""

from services.orders.work_orders.commands.progress import count_results, follow_jobs
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on

CONSUMES = [
    on(ResultReported, count_results),
    on(JobChanged, follow_jobs),
]
