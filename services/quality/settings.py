"""Settings of the quality service."""

from shared.kit.settings import Settings


class QualitySettings(Settings):
    """The plumbing's settings; quality has no settings of its own."""
