// The defect catalogue: what operators can choose from when they report scrap.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all, put, request } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Picture, PictureField } from "/js/components/picture.js";
import { Dialog } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";

const pathOf = (code) => `/quality/defects/${encodeURIComponent(code)}`;
const BLANK = { code: "", ko: "", en: "", vi: "", picture: "" };

function DefectDialog({ open, defect, onClose, onSaved }) {
  const [form, setForm] = useState(BLANK);
  const [etag, setEtag] = useState(null);
  const set = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const save = useAction(
    (_, active) => {
      const name = Object.fromEntries(
        ["ko", "en", "vi"].map((code) => [code, form[code].trim()]).filter(([, text]) => text),
      );
      return put(
        pathOf(form.code.trim()),
        { name: { ...defect?.name, ...name }, picture: form.picture || null, active },
        { etag: etag ?? undefined },
      );
    },
    { done: onSaved, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setForm(
      defect
        ? {
            ...BLANK,
            code: defect.code,
            picture: defect.picture ?? "",
            ...(typeof defect.name === "string" ? { ko: defect.name } : defect.name),
          }
        : BLANK,
    );
    setEtag(null);
    save.forget();
    // What somebody else changes meanwhile is not overwritten.
    if (defect)
      request("GET", pathOf(defect.code)).then(
        (answer) => setEtag(answer.etag),
        () => {},
      );
  }, [open, defect?.code]);
  const ready = form.code.trim() && form.ko.trim();
  const active = defect?.active ?? true;
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go(active);
  };
  const { problem } = save;
  return html`<${Dialog}
    open=${open}
    onClose=${onClose}
    title=${defect ? local(defect.name) : t("quality.add_defect")}
    actions=${html`
      ${
        defect &&
        html`<${Button}
          kind="quiet"
          class=${active ? "tone-stop" : ""}
          style=${{ marginRight: "auto" }}
          disabled=${save.busy}
          data-testid="defect-active"
          onClick=${() => save.go(!active)}
        >
          ${active ? t("people.deactivate") : t("people.activate")}
        <//>`
      }
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${save.busy} disabled=${!ready} data-testid="defect-save" onClick=${submit}>
        ${t("action.save")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      ${
        problem &&
        html`<${Notice}
          tone="stop"
          title=${problem.status === 412 ? t("quality.changed_meanwhile") : problemText(problem)}
        >
          ${t("form.kept")}
        <//>`
      }
      <${Field}
        label=${t("quality.code")}
        value=${form.code}
        onInput=${(value) => set("code")(value.toUpperCase())}
        disabled=${Boolean(defect)}
        hint=${defect ? undefined : t("quality.code_hint")}
        error=${problem?.field?.("code")}
        spellcheck="false"
        autofocus=${!defect}
        data-testid="defect-code"
      />
      <${Field}
        label=${t("quality.name_ko")}
        value=${form.ko}
        onInput=${set("ko")}
        error=${problem?.field?.("name")}
        lang="ko"
        data-testid="defect-name"
      />
      <${Field} label=${t("quality.name_en")} value=${form.en} onInput=${set("en")} lang="en" />
      <${Field} label=${t("quality.name_vi")} value=${form.vi} onInput=${set("vi")} lang="vi" />
      <${PictureField}
        label=${t("quality.picture")}
        service="quality"
        value=${form.picture}
        onChange=${set("picture")}
        hint=${t("quality.picture_hint")}
        error=${problem?.field?.("picture")}
      />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("action.save")}</button>
    </form>
  <//>`;
}

export function Defects({ adding, onAdding }) {
  const defects = useResource(() => all("/quality/defects"));
  const [edited, setEdited] = useState(null);
  const close = () => {
    setEdited(null);
    onAdding(false);
  };
  const saved = (defect) => {
    close();
    toast(t("quality.defect_saved", { name: local(defect.name) }));
    defects.load();
  };
  const columns = [
    {
      key: "name",
      label: t("quality.defect"),
      sort: (d) => local(d.name),
      render: (d) =>
        html`<span class="pictured">
          <${Picture} id=${d.picture} service="quality" glyph="picture" />
          <span>
            <span class=${d.active ? "first" : "muted"}>${local(d.name)}</span>
            <span class="second">
              ${
                typeof d.name === "object"
                  ? [...new Set(Object.values(d.name))].filter((name) => name !== local(d.name)).join(" · ")
                  : ""
              }
            </span>
          </span>
        </span>`,
    },
    { key: "code", label: t("quality.code"), sort: (d) => d.code, render: (d) => d.code },
    {
      key: "active",
      label: t("orders.state"),
      render: (d) =>
        d.active
          ? html`<${Chip} tone="run" icon="check">${t("quality.in_use")}<//>`
          : html`<${Chip}>${t("people.inactive")}<//>`,
    },
  ];
  const rows = defects.data && [...defects.data].sort((a, b) => b.active - a.active);
  const keeper = may("quality", "planner");
  return html`<div class="defects stack">
    ${
      defects.error && !defects.data
        ? html`<div class="card"><${Problem} error=${defects.error} retry=${defects.load} /></div>`
        : html`
            <${Table}
              label=${t("quality.catalogue")}
              columns=${columns}
              rows=${rows}
              rowKey=${(d) => d.code}
              onOpen=${keeper ? setEdited : undefined}
              current=${edited?.code}
              empty=${html`<${Empty}
                icon="quality"
                title=${t("quality.no_defects")}
                text=${t("quality.no_defects_text")}
              >
                ${
                  keeper &&
                  html`<${Button} kind="primary" icon="plus" onClick=${() => onAdding(true)}>
                    ${t("quality.add_defect")}
                  <//>`
                }
              <//>`}
            />
          `
    }
    <${DefectDialog} open=${adding || edited !== null} defect=${edited} onClose=${close} onSaved=${saved} />
  </div>`;
}
