"""What nobody needs while a shop rests is not loaded."""

import subprocess
import sys

import pytest

ON_DEMAND = ("aiohttp", "rich.traceback", "xlsxwriter", "PIL", "hypothesis")
"""By size: 8, 3, 2 and 2 MiB; the last is for tests alone."""
START = "import infra.local.up; from infra.local.suite import preload; preload(); import sys; print(*sys.modules)"


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a Dure that has started in one process."""
    return set(subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("library", ON_DEMAND)
def test_is_loaded_when_it_is_needed(library: str, loaded: set[str]) -> None:
    """Named are those that a library of ours would load by itself, or that one screen needs."""
    assert "gateway.main" in loaded
    assert library not in loaded
