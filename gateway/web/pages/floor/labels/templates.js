// How labels look: for some items, or for all that have no template of their own. What is chosen is seen at once.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, post, put, request } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";
import { pictureOf } from "/js/lib/labels.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";

const KINDS = ["lot", "tag", "box"];
const DETAILS = [
  "lot",
  "quantity",
  "order",
  "operation",
  "customer",
  "machine",
  "produced_on",
  "shift",
  "expires_on",
  "supplier",
  "supplier_lot",
  "location",
  "person",
  "printed_at",
];
const BLANK = {
  code: "",
  name: "",
  kind: "lot",
  items: "",
  width_mm: "100",
  height_mm: "60",
  details: ["lot", "quantity", "order", "produced_on"],
  language: "ko",
  title: "",
  with_code: true,
  active: true,
};
const pathOf = (code) => `/production/label-templates/${encodeURIComponent(code)}`;
const kindWord = (kind) => t(`label.kind.${kind}`);

/** What the form says, as the API wants it. */
const bodyOf = (form, template) => ({
  name: { ...template?.name, ko: form.name.trim() || "–" },
  kind: form.kind,
  items: form.items.split(/[\s,]+/).filter(Boolean),
  width_mm: form.width_mm,
  height_mm: form.height_mm,
  details: form.details,
  language: form.language,
  title: form.title.trim() || null,
  with_code: form.with_code,
});

/** The picture of what is in the form, a moment after it was typed; the last one stays while it cannot be drawn. */
function usePreview(open, form) {
  const [svg, setSvg] = useState(null);
  useEffect(() => {
    if (!open) return undefined;
    const timer = setTimeout(
      () =>
        post("/production/label-previews", bodyOf(form)).then(
          (answer) => setSvg(answer.svg),
          () => {},
        ),
      250,
    );
    return () => clearTimeout(timer);
  }, [open, form]);
  return svg;
}

function Details({ chosen, onChange }) {
  const toggle = (name) => onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return html`<fieldset class="label-details">
    <legend>${t("label.details")}</legend>
    <div class="suggestions">
      ${DETAILS.map(
        (name) =>
          html`<button
            type="button"
            class="pill"
            key=${name}
            aria-pressed=${chosen.includes(name)}
            data-testid="detail-${name}"
            onClick=${() => toggle(name)}
          >
            ${t(`label.detail.${name}`)}
            ${chosen.includes(name) && html`<span class="count">${chosen.indexOf(name) + 1}</span>`}
          </button>`,
      )}
    </div>
  </fieldset>`;
}

function TemplateSheet({ open, template, onClose, onSaved }) {
  const [form, setForm] = useState(BLANK);
  const [etag, setEtag] = useState(null);
  const svg = usePreview(open, form);
  const set = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const save = useAction(
    (_, active) => put(pathOf(form.code.trim()), { ...bodyOf(form, template), active }, { etag: etag ?? undefined }),
    { done: onSaved, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setForm(
      template
        ? {
            ...BLANK,
            ...template,
            name: local(template.name),
            items: template.items.join(", "),
            title: template.title ?? "",
          }
        : BLANK,
    );
    setEtag(null);
    save.forget();
    // What somebody else changes meanwhile is not overwritten.
    if (template)
      request("GET", pathOf(template.code)).then(
        (answer) => setEtag(answer.etag),
        () => {},
      );
  }, [open, template?.code]);
  const { problem } = save;
  const error = (name) =>
    problem?.field?.(name) ?? problem?.errors?.find((one) => one.field.startsWith(`${name}.`))?.message;
  const ready = form.code.trim() && form.name.trim() && form.details.length > 0;
  const footer = html`
    ${
      template &&
      html`<${Button}
        kind="quiet"
        class=${form.active ? "tone-stop" : ""}
        style=${{ marginRight: "auto" }}
        disabled=${save.busy}
        onClick=${() => save.go(!form.active)}
      >
        ${form.active ? t("people.deactivate") : t("people.activate")}
      <//>`
    }
    <${Button} onClick=${onClose}>${t("action.cancel")}<//>
    <${Button}
      kind="primary"
      busy=${save.busy}
      disabled=${!ready}
      data-testid="template-save"
      onClick=${() => save.go(form.active)}
    >
      ${t("action.save")}
    <//>
  `;
  return html`<${Sheet}
    open=${open}
    from="side"
    onClose=${onClose}
    title=${template ? template.code : t("label.add_template")}
    footer=${footer}
  >
    <div class="label-preview">
      ${
        svg &&
        html`<img class="label-picture" alt=${t("label.preview")} data-testid="label-preview" src=${pictureOf(svg)} />`
      }
    </div>
    <form class="form" onSubmit=${(event) => event.preventDefault()}>
      ${problem && html`<${Notice} tone="stop" title=${problemText(problem)}>${t("form.kept")}<//>`}
      <${Field}
        label=${t("label.code")}
        value=${form.code}
        onInput=${set("code")}
        disabled=${Boolean(template)}
        error=${error("code")}
        spellcheck="false"
        data-testid="template-code"
      />
      <${Field}
        label=${t("label.name")}
        value=${form.name}
        onInput=${set("name")}
        error=${error("name")}
        data-testid="template-name"
      />
      <${Field}
        label=${t("label.kind")}
        value=${form.kind}
        onInput=${set("kind")}
        options=${KINDS.map((kind) => ({ value: kind, label: kindWord(kind) }))}
      />
      <${Field}
        label=${t("label.items")}
        value=${form.items}
        onInput=${set("items")}
        hint=${t("label.items_hint")}
        error=${error("items")}
        spellcheck="false"
        placeholder="HB1001, HB2001"
      />
      <div class="label-size">
        <${Field}
          label=${t("label.width")}
          value=${form.width_mm}
          onInput=${set("width_mm")}
          error=${error("width_mm")}
          inputmode="decimal"
        />
        <${Field}
          label=${t("label.height")}
          value=${form.height_mm}
          onInput=${set("height_mm")}
          error=${error("height_mm")}
          inputmode="decimal"
        />
      </div>
      <${Details} chosen=${form.details} onChange=${set("details")} />
      <${Field}
        label=${t("label.own_title")}
        value=${form.title}
        onInput=${set("title")}
        error=${error("title")}
        maxlength="60"
      />
      <${Field}
        label=${t("language.title")}
        value=${form.language}
        onInput=${set("language")}
        options=${Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked=${form.with_code}
          onChange=${(event) => set("with_code")(event.currentTarget.checked)}
        />
        ${t("label.with_code")}
      </label>
    </form>
  <//>`;
}

export function Templates({ admin, adding, onAdding }) {
  const templates = useResource(async () => (await get("/production/label-templates")).items);
  const [edited, setEdited] = useState(null);
  const close = () => {
    setEdited(null);
    onAdding(false);
  };
  const saved = (template) => {
    close();
    toast(t("label.template_saved", { name: local(template.name) }));
    templates.load();
  };
  const columns = [
    {
      key: "name",
      label: t("label.template"),
      render: (one) => html`<span class="first">${local(one.name)}</span><span class="second">${one.code}</span>`,
    },
    { key: "kind", label: t("label.kind"), render: (one) => kindWord(one.kind) },
    {
      key: "items",
      label: t("label.items"),
      class: "wide-only",
      render: (one) => one.items.join(", ") || t("label.all_items"),
    },
    {
      key: "size",
      label: t("label.size"),
      align: "end",
      render: (one) => html`<span class="nowrap">${one.width_mm} × ${one.height_mm} mm</span>`,
    },
    {
      key: "active",
      label: t("orders.state"),
      align: "end",
      render: (one) =>
        one.active
          ? html`<${Chip} tone="run" icon="check">${t("quality.in_use")}<//>`
          : html`<${Chip}>${t("people.inactive")}<//>`,
    },
  ];
  return html`
    ${
      templates.error && !templates.data
        ? html`<div class="card"><${Problem} error=${templates.error} retry=${templates.load} /></div>`
        : html`<${Table}
            label=${t("label.templates")}
            columns=${columns}
            rows=${templates.data}
            rowKey=${(one) => one.code}
            onOpen=${admin ? setEdited : undefined}
            current=${edited?.code}
            empty=${html`<${Empty}
              icon="layers"
              title=${t("label.no_templates")}
              text=${t("label.no_templates_text")}
            />`}
          />`
    }
    <${TemplateSheet} open=${adding || edited !== null} template=${edited} onClose=${close} onSaved=${saved} />
  `;
}
