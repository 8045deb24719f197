"""``python -m tests.changed``: the folders of integration tests that concern what has changed.

Changed is counted from the merge base with ``main``.
"""

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
INTEGRATION = REPOSITORY / "tests" / "integration"
FOLDERS = {
    "services/orders": ("orders", "changes"),
    "services/production": ("production",),
    "services/quality": ("quality",),
    "services/erp_bridge": ("erp_bridge",),
    "gateway": ("gateway",),
    "shared/kit": ("kit",),
    "shared/contracts": ("flow",),
    "infra/local": ("local",),
    "infra/nats": ("local",),
    "infra/lan": ("lan",),
}
"""By the folder of the sources."""


def changed_files() -> list[str]:
    """What differs from the merge base, stored in a commit or not."""
    base = _git("merge-base", "HEAD", "main") or _git("rev-parse", "HEAD")
    return [*_git("diff", "--name-only", base).splitlines(), *_git("ls-files", "-o", "--exclude-standard").splitlines()]


def folders_of(files: list[str]) -> list[str]:
    """The folders whose tests speak of these files."""
    found = {
        folder
        for file in files
        for source, named in FOLDERS.items()
        if file.startswith(f"{source}/")
        for folder in named
    }
    found |= {Path(file).parts[2] for file in files if file.startswith("tests/integration/")}
    found |= {"databases" for file in files if "/migrations/" in file}
    return [f"tests/integration/{folder}" for folder in sorted(found) if (INTEGRATION / folder).is_dir()]


def _git(*arguments: str) -> str:
    ran = subprocess.run(["git", "-C", str(REPOSITORY), *arguments], capture_output=True, text=True, check=False)
    return ran.stdout.strip()


if __name__ == "__main__":
    print(*folders_of(changed_files()))
