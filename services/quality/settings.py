"""Settings of the quality service."""

from shared.kit.settings import Settings


class QualitySettings(Settings):
    """What the plumbing needs; quality has no settings of its own."""
