// The numbered pieces of a lot: which of them go, or were seen, and a list of all that it had.
import { html, useState } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip, StateChip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Search } from "/js/components/field.js";
import { Table } from "/js/components/table.js";
import { toastProblem } from "/js/components/toast.js";
import { matching } from "/pages/quality/lot/numbers.js";

const MOST = 10_000;
const SHOWN = 200;
const PAGE = 200;
const LOOKS = {
  in_stock: { tone: "run", icon: "check" },
  consumed: { tone: "idle", icon: "layers" },
  shipped: { tone: "idle", icon: "truck" },
  missing: { tone: "warn", icon: "warning" },
  void: { tone: "idle", icon: "close" },
};

/** The numbers that are in stock in a lot, read while `open`: {codes, error, load}; codes undefined: not known yet. */
export function useNumbers(lot, open) {
  const isNeeded = open && lot.serials > 0;
  const read = useResource(
    async () =>
      isNeeded ? { of: lot.lot, serials: await all("/production/serials", { lot: lot.lot }, MOST) } : undefined,
    [lot.lot, isNeeded],
  );
  if (!(lot.serials > 0)) return { ...read, codes: [] };
  const mine = read.data?.of === lot.lot ? read.data.serials : undefined;
  return { ...read, codes: mine?.filter((one) => one.state === "in_stock").map((one) => one.serial) };
}

/** What is still wrong with the choice; "" when it can be taken. */
const remark = (chosen, { least, most }) =>
  chosen > most
    ? t("lot_serials.fewer", { n: number(chosen - most) })
    : chosen < least
      ? t("lot_serials.more", { n: number(least - chosen) })
      : "";

/**
 * A list to tick, and a field in which a number is looked for or scanned: Enter ticks it. `codes` are in the lot,
 * `chosen` (a Set) may hold others, where `takesOthers` (found at a count). `limits` {least, most} of what is chosen.
 */
export function SerialChoice({ kind, codes, chosen, limits, onChoose, takesOthers = false, error }) {
  const [text, setText] = useState("");
  const [unknown, setUnknown] = useState("");
  const others = [...chosen].filter((code) => !codes.includes(code));
  const known = [...others, ...codes];
  const found = known.filter((code) => code.toLowerCase().includes(text.trim().toLowerCase()));
  const toggle = (code, isOn = !chosen.has(code)) => {
    const next = new Set(chosen);
    if (isOn) next.add(code);
    else next.delete(code);
    onChoose(next);
  };
  const enter = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const typed = text.trim();
    if (!typed) return;
    const code = matching(known, typed) ?? (found.length === 1 ? found[0] : takesOthers ? typed : undefined);
    setUnknown(code ? "" : typed);
    setText("");
    if (code) toggle(code, true);
  };
  const isMissed = kind === "count" && chosen.size > 0 && codes.some((code) => !chosen.has(code));
  const wrong = error ?? (unknown ? t("lot_serials.not_here", { serial: unknown }) : remark(chosen.size, limits));
  return html`<fieldset class="serials" data-testid="serials">
    <legend>${t(`lot_serials.title.${kind}`)}</legend>
    <input
      class="input"
      type="search"
      value=${text}
      placeholder=${t("lot_serials.find")}
      aria-label=${t("lot_serials.find")}
      autocomplete="off"
      spellcheck="false"
      data-testid="serials-find"
      onInput=${(event) => setText(event.currentTarget.value)}
      onKeyDown=${enter}
    />
    <div class="serials-bar">
      <span class="grow ${wrong ? "wrong" : ""}" role="status" data-testid="serials-said">
        <b>${t("lot_serials.chosen", { n: number(chosen.size) })}</b>
        ${wrong && ` · ${wrong}`}
      </span>
      <${Button} size="small" data-testid="serials-all" onClick=${() => onChoose(new Set(known))}>
        ${t("lot_serials.all")}
      <//>
      <${Button} size="small" data-testid="serials-none" onClick=${() => onChoose(new Set())}>
        ${t("lot_serials.none")}
      <//>
    </div>
    <div class="serials-list">
      ${found.slice(0, SHOWN).map(
        (code) =>
          html`<label key=${code}>
            <input
              type="checkbox"
              checked=${chosen.has(code)}
              data-testid="serial-${code}"
              onChange=${() => toggle(code)}
            />
            <span>${code}</span>
            ${!codes.includes(code) && html`<${Chip} tone="warn">${t("lot_serials.new")}<//>`}
          </label>`,
      )}
    </div>
    ${found.length > SHOWN && html`<p class="hint">${t("lot_serials.hidden", { n: number(found.length - SHOWN) })}</p>`}
    ${
      isMissed &&
      html`<p class="hint">
        ${t("lot_serials.missed", { n: number(codes.filter((code) => !chosen.has(code)).length) })}
      </p>`
    }
  </fieldset>`;
}

const columns = () => [
  {
    key: "serial",
    label: t("lots.serials"),
    sort: (one) => one.serial,
    render: (one) => html`<b class="code">${one.serial}</b>`,
  },
  {
    key: "state",
    label: t("lots.state"),
    sort: (one) => one.state,
    render: (one) =>
      html`
        <${StateChip} display=${{ ...LOOKS[one.state], label: t(`lot_serial.${one.state}`) }} />
        ${one.is_assumed && html` <${Chip} tone="warn" icon="warning">${t("lot_serial.assumed")}<//>`}
      `,
  },
];

/** Every piece that a lot had, by its number, and where it is now. */
export function Serials({ lot }) {
  const [q, setQ] = useState("");
  const query = { lot: lot.lot, q: q.trim() || undefined, limit: PAGE };
  const serials = useResource(() => get("/production/serials", query), [lot, q]);
  const more = useAction(() => get("/production/serials", { ...query, cursor: serials.data.next_cursor }), {
    done: (page) => serials.set((now) => ({ ...page, items: [...now.items, ...page.items] })),
    failed: toastProblem,
  });
  const { data, error } = serials;
  if (!data)
    return html`<div class="card card-body">
      ${error ? html`<${Problem} error=${error} retry=${serials.load} />` : html`<${Skeleton} rows="4" height="44" />`}
    </div>`;
  return html`
    <div class="filters"><${Search} value=${q} onInput=${setQ} placeholder=${t("lot_serials.begins")} /></div>
    <${Table}
      compact
      class="serials-table"
      label=${t("lots.serials")}
      columns=${columns()}
      rows=${data.items}
      rowKey=${(one) => one.serial}
      empty=${html`<${Empty} icon="search" title=${t("lot_serials.none_found")} />`}
      foot=${
        data.next_cursor &&
        html`<div class="list-more"><${Button} busy=${more.busy} onClick=${() => more.go()}>${t("lots.more")}<//></div>`
      }
    />
  `;
}
