// /lots: what is in stock, lot by lot.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { day, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { navigate } from "/js/lib/router.js";
import { may } from "/js/lib/session.js";
import { lotDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { Receive } from "/pages/quality/lots/receive.js";
import { expiry, lotPage, mayRecall, origin } from "/pages/quality/lots/texts.js";

const STATES = ["available", "on_hold", "expired", "empty"];
const PAGE = 100;
const view = makeView({ state: [...STATES, "all"], q: "" });

const columns = () => [
  {
    key: "lot",
    class: "code",
    label: t("lots.lot"),
    sort: (lot) => lot.lot,
    render: (lot) =>
      html`
        <a class="first" href=${lotPage(lot.lot)} tabindex="-1">${lot.lot}</a>
        <span class="second">${origin(lot)}</span>
      `,
  },
  {
    key: "item",
    class: "name",
    label: t("field.item"),
    sort: (lot) => lot.item,
    render: (lot) =>
      html`<span class="first">${lot.item}</span><span class="second ellipsis">${local(lot.item_name)}</span>`,
  },
  {
    key: "state",
    class: "state",
    label: t("lots.state"),
    sort: (lot) => STATES.indexOf(lot.state),
    render: (lot) => html`<${StateChip} display=${lotDisplay(lot.state)} />`,
  },
  {
    key: "remaining",
    class: "left",
    label: t("lots.remaining"),
    align: "end",
    sort: (lot) => Number(lot.remaining),
    render: (lot) =>
      html`
        <b class="first">${number(lot.remaining)} <small>${lot.unit}</small></b>
        <span class="second">${t("lots.of", { n: number(lot.quantity) })}</span>
      `,
  },
  {
    key: "expires",
    class: "expires",
    label: t("lots.expires_on"),
    sort: (lot) => lot.expires_on ?? "9",
    render: (lot) => expiry(lot),
  },
  {
    key: "location",
    class: "wide-only",
    label: t("lots.location"),
    sort: (lot) => lot.location ?? "",
    render: (lot) => lot.location ?? "–",
  },
  {
    key: "created",
    class: "wide-only",
    label: t("lots.since"),
    sort: (lot) => lot.created_at,
    render: (lot) => html`<span class="nowrap">${day(lot.created_at)}</span>`,
  },
];

export default function Lots() {
  const [receiving, setReceiving] = useState(false);
  const [chosen, setChosen] = useState(new Set());
  const { state, q } = view.use();
  const typed = useRef(null);
  const query = { state: state === "all" ? undefined : state, q: q.trim() || undefined, limit: PAGE };
  const lots = useResource(() => get("/production/lots", query), [], { auto: false });
  const look = view.change;
  useLive(["work_orders", "definitions"], lots.load);
  useEffect(() => {
    clearTimeout(typed.current);
    typed.current = setTimeout(lots.load, 150);
    setChosen(new Set());
    return () => clearTimeout(typed.current);
  }, [state, q]);
  const more = useAction(() => get("/production/lots", { ...query, cursor: lots.data.next_cursor }), {
    done: (page) => lots.set((now) => ({ ...page, items: [...now.items, ...page.items] })),
    failed: toastProblem,
  });
  const merge = useAction((key) => post("/production/lots/merge", { lots: [...chosen] }, { key }), {
    done: (lot) => {
      toast(t("lots.merged", { lot: lot.lot }));
      navigate(lotPage(lot.lot));
    },
    failed: toastProblem,
  });
  const worker = may("operator", "leader", "quality", "planner");
  const add =
    may("leader", "quality", "planner") &&
    html`<${Button} kind="primary" icon="plus" data-testid="lot-receive" onClick=${() => setReceiving(true)}>
      ${t("lots.receive")}
    <//>`;
  const actions = html`
    ${
      chosen.size > 1 &&
      html`<${Button} icon="merge" busy=${merge.busy} data-testid="lots-merge" onClick=${() => merge.go()}>
        ${t("lots.merge", { n: chosen.size })}
      <//>`
    }
    ${mayRecall() && html`<${Button} icon="warning" href="/recall">${t("recall.title")}<//>`}
    ${add}
  `;
  const isFiltered = q.trim() || state !== "available";
  const empty = isFiltered
    ? html`<${Empty} icon="search" title=${t("lots.none_found")} text=${t("lots.none_found_text")}>
        <${Button} onClick=${() => look({ q: "", state: "available" })}>${t("lots.show_available")}<//>
      <//>`
    : html`<${Empty} icon="lot" title=${t("lots.none")} text=${t("lots.none_text")}>${add}<//>`;
  return html`<${OfficeShell} title=${t("lots.title")} actions=${actions}>
    <div class="filters">
      <${Search} value=${q} onInput=${(text) => look({ q: text })} placeholder=${t("lots.search")} />
      <${Pills}
        label=${t("lots.state")}
        value=${state}
        onChange=${(value) => look({ state: value })}
        options=${[
          { value: "all", label: t("lots.all") },
          ...STATES.map((value) => ({ value, label: t(`lot.${value}`) })),
        ]}
      />
    </div>
    ${
      lots.error && !lots.data
        ? html`<div class="card"><${Problem} error=${lots.error} retry=${lots.load} /></div>`
        : html`<${Table}
            class="lots-table"
            label=${t("lots.title")}
            columns=${columns()}
            rows=${lots.data?.items}
            rowKey=${(lot) => lot.lot}
            onOpen=${(lot) => navigate(lotPage(lot.lot))}
            empty=${empty}
            selected=${worker ? chosen : undefined}
            onSelect=${worker ? setChosen : undefined}
            foot=${
              lots.data?.next_cursor &&
              html`<div class="list-more">
                <${Button} busy=${more.busy} onClick=${() => more.go()}>${t("lots.more")}<//>
              </div>`
            }
          />`
    }
    <${Receive}
      open=${receiving}
      onClose=${() => setReceiving(false)}
      onReceived=${(lot) => {
        setReceiving(false);
        toast(t("lots.received", { lot: lot.lot }));
        lots.load();
      }}
    />
  <//>`;
}
