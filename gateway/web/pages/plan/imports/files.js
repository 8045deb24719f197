// Files to take away: a template for each kind, and everything as a workbook, with its pictures, or as JSON.
import { html } from "/js/lib/html.js";
import { download } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { toastProblem } from "/js/components/toast.js";

const useDownload = () => useAction((_key, path) => download(path), { failed: toastProblem });

/** Where the template of a kind is. */
const pathOf = (kind) => kind.template ?? `/orders/exchange/templates/${kind.name}.xlsx`;

export function Template({ kind }) {
  const save = useDownload();
  return html`<div class="import-template">
    <span class="muted">${t("imports.template_text")}</span>
    <${Button}
      size="small"
      icon="file"
      busy=${save.busy}
      data-testid="template-${kind.name}"
      onClick=${() => save.go(pathOf(kind))}
    >
      ${t("imports.template", { kind: kind.title })}
    <//>
  </div>`;
}

function Export({ form, glyph, title, text }) {
  const save = useDownload();
  return html`<section class="card export-form">
    ${icon(glyph)}
    <div class="grow"><h2>${title}</h2><p>${text}</p></div>
    <${Button}
      kind="primary"
      icon="import"
      busy=${save.busy}
      data-testid="export-${form}"
      onClick=${() => save.go(`/orders/exchange/export.${form}`)}
    >
      ${t("imports.save")}
    <//>
  </section>`;
}

function Listed({ kind }) {
  const save = useDownload();
  return html`<${Button}
    icon="file"
    busy=${save.busy}
    onClick=${() => save.go(pathOf(kind))}
  >
    ${kind.title}
  <//>`;
}

export function Files({ kinds }) {
  return html`
    <${Export} form="xlsx" glyph="order" title=${t("imports.export_xlsx")} text=${t("imports.export_xlsx_text")} />
    <${Export} form="zip" glyph="picture" title=${t("imports.export_zip")} text=${t("imports.export_zip_text")} />
    <${Export} form="json" glyph="file" title=${t("imports.export_json")} text=${t("imports.export_json_text")} />
    <section class="card card-body stack">
      <div class="section-head"><h2>${t("imports.templates")}</h2></div>
      <p class="muted">${t("imports.templates_text")}</p>
      <div class="template-list">
        ${kinds
          .filter((kind) => kind.kept || kind.template)
          .map((kind) => html`<${Listed} key=${kind.name} kind=${kind} />`)}
      </div>
    </section>
  `;
}
