"""Libraries that other libraries load for something that nobody here uses: they stay out of memory."""

import importlib
import sys


def load_without(optional: str, *, module: str) -> None:
    """Import ``module`` as where ``optional`` is not installed; whoever needs ``optional`` itself imports it later."""
    if optional in sys.modules or module in sys.modules:
        return
    sys.modules[optional] = None  # type: ignore[assignment]  # by the language's reference: importing it fails
    try:
        importlib.import_module(module)
    finally:
        del sys.modules[optional]
