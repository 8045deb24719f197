import { html, useEffect, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Chip } from "/js/components/chip.js";

const carriesFile = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

/** A file dropped anywhere on the page counts, so that nobody has to aim. Answers true while one hovers. */
export function useDrop(onFile) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event) => {
      if (!carriesFile(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event) => {
      if (!carriesFile(event)) return;
      depth = Math.max(0, depth - 1);
      if (!depth) setOver(false);
    };
    const hover = (event) => carriesFile(event) && event.preventDefault();
    const drop = (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.dataTransfer.files[0]) onFile(event.dataTransfer.files[0]);
    };
    const on = { dragenter: enter, dragleave: leave, dragover: hover, drop };
    for (const [name, run] of Object.entries(on)) addEventListener(name, run);
    return () => {
      for (const [name, run] of Object.entries(on)) removeEventListener(name, run);
    };
  }, [onFile]);
  return over;
}

export function DropZone({ kind, over, onFile }) {
  const pick = (event) => {
    const [file] = event.currentTarget.files;
    event.currentTarget.value = "";
    if (file) onFile(file);
  };
  const needed = kind.fields.filter((field) => field.required);
  return html`<label class="drop ${over ? "over" : ""}">
    <input
      type="file"
      accept=${kind.whole ? ".zip,.xlsx,.json" : ".csv,.txt,.tsv,.xlsx,.xlsm,.xls"}
      aria-label=${t("imports.pick")}
      data-testid="import-file"
      onChange=${pick}
    />
    ${icon("file")}
    <b>${over ? t("imports.let_go") : t("imports.drop")}</b>
    <span class="muted">${kind.whole ? t("imports.formats_whole") : t("imports.formats")}</span>
    ${
      needed.length > 0 &&
      html`<span class="drop-needs">
        <span class="muted">${t("imports.needs")}</span>
        ${needed.map((field) => html`<${Chip} key=${field.name}>${field.heading}<//>`)}
      </span>`
    }
  </label>`;
}
