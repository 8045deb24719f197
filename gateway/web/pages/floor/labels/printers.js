// Label printers on the shop's network.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, put, request } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";

const BLANK = { code: "", name: "", host: "", port: "9100", dpi: "203", font: "", machines: [], active: true };
const pathOf = (code) => `/production/printers/${encodeURIComponent(code)}`;

function PrinterSheet({ open, printer, machines, onClose, onSaved }) {
  const [form, setForm] = useState(BLANK);
  const [etag, setEtag] = useState(null);
  const set = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const save = useAction(
    (_, active) =>
      put(
        pathOf(form.code.trim()),
        {
          name: { ...printer?.name, ko: form.name.trim() },
          host: form.host.trim(),
          port: Number(form.port),
          dpi: Number(form.dpi),
          font: form.font.trim() || null,
          machines: form.machines,
          active,
        },
        { etag: etag ?? undefined },
      ),
    { done: onSaved, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setForm(
      printer
        ? {
            ...BLANK,
            ...printer,
            name: local(printer.name),
            port: String(printer.port),
            dpi: String(printer.dpi),
            font: printer.font ?? "",
          }
        : BLANK,
    );
    setEtag(null);
    save.forget();
    // What somebody else changes meanwhile is not overwritten.
    if (printer)
      request("GET", pathOf(printer.code)).then(
        (answer) => setEtag(answer.etag),
        () => {},
      );
  }, [open, printer?.code]);
  const { problem } = save;
  const error = (name) => problem?.field?.(name);
  const ready = form.code.trim() && form.name.trim() && form.host.trim();
  const tick = (code) =>
    set("machines")(
      form.machines.includes(code) ? form.machines.filter((one) => one !== code) : [...form.machines, code],
    );
  const footer = html`
    ${
      printer &&
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
      data-testid="printer-save"
      onClick=${() => save.go(form.active)}
    >
      ${t("action.save")}
    <//>
  `;
  return html`<${Sheet}
    open=${open}
    from="side"
    onClose=${onClose}
    title=${printer ? printer.code : t("label.add_printer")}
    footer=${footer}
  >
    <form class="form" onSubmit=${(event) => event.preventDefault()}>
      ${problem && html`<${Notice} tone="stop" title=${problemText(problem)}>${t("form.kept")}<//>`}
      <${Field}
        label=${t("label.code")}
        value=${form.code}
        onInput=${set("code")}
        disabled=${Boolean(printer)}
        error=${error("code")}
        spellcheck="false"
        data-testid="printer-code"
      />
      <${Field}
        label=${t("label.name")}
        value=${form.name}
        onInput=${set("name")}
        error=${error("name")}
        data-testid="printer-name"
      />
      <${Field}
        label=${t("label.host")}
        value=${form.host}
        onInput=${set("host")}
        hint=${t("label.host_hint")}
        error=${error("host")}
        spellcheck="false"
        placeholder="192.168.0.50"
        data-testid="printer-host"
      />
      <${Field}
        label=${t("label.port")}
        value=${form.port}
        onInput=${set("port")}
        error=${error("port")}
        inputmode="numeric"
      />
      <${Field}
        label=${t("label.dpi")}
        value=${form.dpi}
        onInput=${set("dpi")}
        options=${["203", "300", "600"].map((dpi) => ({ value: dpi, label: `${dpi} dpi` }))}
      />
      <${Field}
        label=${t("label.font")}
        value=${form.font}
        onInput=${set("font")}
        hint=${t("label.font_hint")}
        error=${error("font")}
        spellcheck="false"
        placeholder="E:KFONT3.TTF"
      />
      <fieldset class="checks label-machines">
        <legend>${t("label.machines")}</legend>
        ${machines?.map(
          (one) =>
            html`<label key=${one.code}>
              <input type="checkbox" checked=${form.machines.includes(one.code)} onChange=${() => tick(one.code)} />
              <b>${one.code}</b> ${local(one.name)}
            </label>`,
        )}
      </fieldset>
    </form>
  <//>`;
}

export function Printers({ admin, adding, onAdding }) {
  const printers = useResource(async () => (await get("/production/printers")).items);
  const machines = useResource(async () => (await get("/production/machines")).items);
  const [edited, setEdited] = useState(null);
  const close = () => {
    setEdited(null);
    onAdding(false);
  };
  const saved = (printer) => {
    close();
    toast(t("label.printer_saved", { name: local(printer.name) }));
    printers.load();
  };
  const columns = [
    {
      key: "name",
      label: t("label.printer"),
      render: (p) => html`<span class="first">${local(p.name)}</span><span class="second">${p.code}</span>`,
    },
    admin && {
      key: "host",
      label: t("label.host"),
      render: (p) => html`<span class="nowrap">${p.host}:${p.port}</span><span class="second">${p.dpi} dpi</span>`,
    },
    { key: "machines", label: t("label.machines"), class: "wide-only", render: (p) => p.machines.join(", ") || "–" },
    {
      key: "active",
      label: t("orders.state"),
      align: "end",
      render: (p) =>
        p.active
          ? html`<${Chip} tone="run" icon="check">${t("quality.in_use")}<//>`
          : html`<${Chip}>${t("people.inactive")}<//>`,
    },
  ].filter(Boolean);
  return html`
    ${
      printers.error && !printers.data
        ? html`<div class="card"><${Problem} error=${printers.error} retry=${printers.load} /></div>`
        : html`<${Table}
            label=${t("label.printers")}
            columns=${columns}
            rows=${printers.data}
            rowKey=${(p) => p.code}
            onOpen=${admin ? setEdited : undefined}
            current=${edited?.code}
            empty=${html`<${Empty} icon="print" title=${t("label.no_printers")} text=${t("label.no_printers_text")} />`}
          />`
    }
    <${PrinterSheet}
      open=${adding || edited !== null}
      printer=${edited}
      machines=${machines.data}
      onClose=${close}
      onSaved=${saved}
    />
  `;
}
