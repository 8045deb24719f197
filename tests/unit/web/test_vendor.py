"""The libraries beside the code are the ones that were examined."""

import re
from hashlib import sha256
from pathlib import Path

WEB = Path(__file__).parents[3] / "gateway" / "web"
VENDOR = WEB / "vendor"


def recorded() -> dict[str, str]:
    lines = (VENDOR / "CHECKSUMS").read_text(encoding="ascii").splitlines()
    return {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}


def test_every_library_has_the_checksum_that_was_recorded() -> None:
    present = {
        str(path.relative_to(VENDOR)): sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in {"CHECKSUMS", "README.md"}
    }
    assert present == recorded()


def test_every_library_has_its_version_and_licence() -> None:
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    for name in recorded():
        if name.endswith(".mjs"):
            row = re.search(
                rf"\| `{re.escape(name)}` \| (\S+).*? \| (\d+\.\d+\.\d+) \| (MIT|Apache-2\.0|ISC) \|", readme
            )
            assert row, name
            assert (VENDOR / "licences" / f"{row[1].removeprefix('@').replace('/', '-')}.txt").is_file()


def test_every_import_leads_to_a_file() -> None:
    imports = re.compile(r"""\b(?:from\s*|import\s*\(\s*|import\s+)["'](/[^"']+|[^"']+)["']""")
    broken = [
        f"{path.relative_to(WEB)}: {name}"
        for path in [*WEB.joinpath("js").rglob("*.js"), *WEB.joinpath("pages").rglob("*.js"), *VENDOR.glob("*.mjs")]
        for name in imports.findall(path.read_text(encoding="utf-8"))
        if not name.startswith("/") or not (WEB / name[1:]).is_file()
    ]
    assert broken == []
