"""Settings of the production service."""

from shared.kit.settings import Settings


class ProductionSettings(Settings):
    """What the plumbing needs."""

    report_batch: int = 256
    """Reports that share one transaction at most."""
