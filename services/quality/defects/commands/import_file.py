"""The defect catalogue from a table."""

from pydantic import TypeAdapter

from services.quality.defects.commands.catalogue import Verdict, put_defect
from services.quality.defects.queries import picture_of
from services.quality.defects.schemas import DefectIn
from shared.kit.cells import parse_bool
from shared.kit.database import Transaction
from shared.kit.importing import ImportKind, parsed, take_name
from shared.kit.names import Code

CODE = TypeAdapter(Code)


async def _apply(tx: Transaction, key: str, rows: list[dict[str, str]]) -> Verdict:
    if len(rows) > 1:
        raise ValueError("code:code_twice")
    values = parsed(rows[0], {"active": parse_bool})
    values.pop("code")
    take_name(values)
    values["picture_id"] = await picture_of(tx.session, key)  # a table has no pictures, and takes none away
    return await put_defect(tx, CODE.validate_python(key), DefectIn.model_validate(values))


DEFECTS = ImportKind(
    "defects",
    {
        "code": ("불량코드", "불량유형코드", "코드", "code", "defect"),
        "name": ("불량명", "불량유형", "불량유형명", "명칭", "이름", "name"),
        "name_en": ("불량명(영문)", "명칭(영문)", "영문명", "영문", "name_en", "english name"),
        "active": ("사용", "사용여부", "active"),
    },
    ("code", "name"),
    "code",
    _apply,
)
