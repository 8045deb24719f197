"""A small house that keeps all rules, for planting violations into:
two services, one with two slices, and a gateway."""

from collections.abc import Mapping
from pathlib import Path

TABLE = """
from services.shop.base import Base


class {name}(Base, table=True):
    code: str
    state: str
"""
CLEAN: Mapping[str, str] = {
    "services/__init__.py": "",
    "services/shop/__init__.py": "",
    "services/shop/base.py": "import sqlmodel\n\n\nclass Base(sqlmodel.SQLModel): ...\n",
    "services/shop/main.py": "from services.shop.upper import api\nfrom services.shop.lower import consumers\n",
    "services/shop/permissions.py": 'from shared.kit.auth import allow\n\nCanRead = allow("viewer")\n',
    "services/shop/settings.py": "",
    "services/shop/lower/__init__.py": "",
    "services/shop/lower/tables.py": TABLE.format(name="Peg"),
    "services/shop/lower/domain.py": "import decimal\n",
    "services/shop/lower/schemas.py": "import pydantic\n",
    "services/shop/lower/commands.py": (
        "from services.shop.lower.tables import Peg\n\n\nasync def put_peg(tx):\n    tx.add(Peg())\n"
    ),
    "services/shop/lower/consumers.py": "from services.shop.lower.commands import put_peg\n",
    "services/shop/upper/__init__.py": "",
    "services/shop/upper/tables.py": TABLE.format(name="Hat"),
    "services/shop/upper/domain.py": "",
    "services/shop/upper/api.py": (
        "from services.shop.permissions import CanRead\nfrom services.shop.upper.commands import hang\n"
    ),
    "services/shop/upper/workers.py": "",
    "services/shop/upper/events.py": "from services.shop.upper.tables import Hat\n",
    "services/shop/upper/adapters.py": "import httpx\n",
    "services/shop/upper/queries.py": (
        "from services.shop.lower.tables import Peg\nfrom services.shop.upper.domain import *\n"
    ),
    "services/shop/upper/commands/__init__.py": '"""Changes of hats."""\n',
    "services/shop/upper/commands/hang.py": (
        "from services.shop.lower.commands import put_peg\n"
        "from services.shop.lower.tables import Peg\n"
        "from services.shop.upper.tables import Hat\n\n\n"
        "async def hang(tx, hat: Hat):\n"
        "    peg = await tx.find(Peg, 'A')\n"
        "    hat.code = peg.code\n"
        "    tx.execute('UPDATE hat SET code = 1 WHERE code IN (SELECT code FROM peg FOR UPDATE)')\n"
    ),
    "services/stall/__init__.py": "",
    "services/stall/main.py": "",
    "services/stall/only/__init__.py": "",
    "services/stall/only/domain.py": "",
    "gateway/__init__.py": "",
    "gateway/main.py": "",
    "gateway/door/__init__.py": "",
    "gateway/door/api.py": "from gateway.door.adapters import aiohttp\n",
    "gateway/door/adapters.py": "import aiohttp\n",
    "gateway/door/domain.py": "",
    "shared/__init__.py": "",
    "shared/contracts/__init__.py": "import pydantic\n",
    "shared/kit/__init__.py": "",
    "shared/kit/auth.py": "import fastapi\n\n\ndef allow(*roles): ...\n",
    "shared/kit/bus.py": "import nats\n",
    "shared/kit/media/__init__.py": "",
    "shared/kit/media/domain.py": "",
    "infra/__init__.py": "import standardwebhooks, socket\n",
    "docs/vocabulary.md": (
        "## Replaced words\n\n| word | instead |\n|---|---|\n| told, tell | publish |\n| way | path |\n"
    ),
}


def build(root: Path, planted: Mapping[str, str] | None = None) -> Path:
    """Write the house below ``root``, with the planted texts behind what its files hold; other files are new."""
    files = dict(CLEAN)
    for name, text in (planted or {}).items():
        files[name] = f"{files.get(name, '')}{text}\n"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root
