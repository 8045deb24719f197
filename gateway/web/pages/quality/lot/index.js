// /lots/<number>: one lot: what it is, what can be done with it, what it was made of and went into, and every movement.
import { html, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { day, moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { printLabel } from "/js/lib/labels.js";
import { useLive } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { lotDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Notice, Problem, Skeleton } from "/js/components/feedback.js";
import { Menu } from "/js/components/popover.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Tabs } from "/js/components/tabs.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { QuantitySheet, SHEETS } from "/pages/quality/lot/sheets.js";
import { Movements } from "/pages/quality/lot/movements.js";
import { Serials } from "/pages/quality/lot/serials.js";
import { Trace } from "/pages/quality/lot/trace.js";
import { expiry, lotPath, mayRecall, useShifts } from "/pages/quality/lots/texts.js";

const TABS = ["backward", "forward", "movements"];
const tabsOf = (lot) => [...TABS, ...(lot.serials > 0 ? ["serials"] : [])];

function Facts({ lot }) {
  const shift = useShifts();
  const fact = (name, value) => value && html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<dl class="facts">
    ${fact(
      t("field.item"),
      html`<a href="/items/${encodeURIComponent(lot.item)}">${lot.item}</a> ${local(lot.item_name)}`,
    )}
    ${fact(
      t("orders.order"),
      lot.number &&
        html`
          <a href="/orders/${encodeURIComponent(lot.number)}">${lot.number}</a>
          ${lot.op ? ` · ${t("job.op", { op: lot.op })}` : ""}
        `,
    )}
    ${fact(t("fact.machine"), lot.machine)}
    ${fact(t("fact.shift"), lot.business_date && [day(lot.business_date), shift(lot.shift)].filter(Boolean).join(" "))}
    ${fact(t("lots.supplier"), lot.supplier)}
    ${fact(t("lots.supplier_lot"), lot.supplier_lot)}
    ${fact(t("lots.produced_on"), lot.produced_on && day(lot.produced_on))}
    ${fact(t("lots.expires_on"), lot.expires_on && expiry(lot))}
    ${fact(t("lots.location"), lot.location)}
    ${fact(t("lots.serials"), lot.serials > 0 && number(lot.serials))}
    ${fact(t("lots.since"), moment(lot.created_at))}
  </dl>`;
}

function Actions({ lot, onOpen, onAsk }) {
  const label = useAction((key) => printLabel({ lot: lot.lot }, { key }), { done: () => {}, failed: toastProblem });
  const [leads, works, releases] = [
    may("leader", "quality", "planner"),
    may("operator", "leader", "quality", "planner"),
    may("leader", "quality"),
  ];
  const held = lot.state === "on_hold";
  const left = Number(lot.remaining) > 0;
  const button = (name, glyph, show, run = () => onOpen(name)) =>
    show && html`<${Button} icon=${glyph} data-testid="lot-${name}" onClick=${run}>${t(`lots.${name}`)}<//>`;
  return html`
    ${
      held &&
      releases &&
      html`<${Button} kind="primary" icon="check" data-testid="lot-release" onClick=${() => onAsk("release")}>
        ${t("lots.release")}
      <//>`
    }
    ${button("ship", "truck", leads && left && !held && lot.op === null)}
    ${button("split", "split", works && left)}
    ${button("count", "edit", leads)}
    ${button("hold", "hold", works && !held, () => onAsk("hold"))}
    <${Menu}
      label=${t("nav.more")}
      data-testid="lot-more"
      items=${[
        works &&
          held && {
            key: "hold",
            icon: "hold",
            text: t("lots.hold_more"),
            testid: "lot-hold-more",
            run: () => onAsk("hold"),
          },
        works &&
          left && { key: "label", icon: "print", text: t("lots.label"), testid: "lot-label", run: () => label.go() },
        mayRecall() && {
          key: "recall",
          icon: "tree",
          text: t("recall.title"),
          testid: "lot-recall",
          href: `/recall/${encodeURIComponent(lot.lot)}`,
        },
      ]}
    />
  `;
}

export default function Lot({ params }) {
  const [tab, setTab] = useState(null);
  const [sheet, setSheet] = useState(null);
  const [asking, setAsking] = useState(null);
  const code = params.lot;
  const lot = useResource(() => get(lotPath(code)), [code], { auto: false });
  useLive(["work_orders"], lot.load);
  const decide = useAction((key, action, reason) => post(`${lotPath(code)}/${action}`, { reason }, { key }), {
    done: (_, action) => {
      setAsking(null);
      toast(t(`lots.${action}_done`, { lot: code }));
      lot.load();
    },
    failed: toastProblem,
  });
  const { data, error } = lot;
  const shownTab =
    tab ?? (data && (data.origin === "received" || data.origin === "unreceived") ? "forward" : "backward");
  const title = html`<span class="lot-title">
    <span class="lot-code">${code}</span>
    ${data && html`<${StateChip} display=${lotDisplay(data.state)} data-testid="lot-state" />`}
  </span>`;
  return html`<${OfficeShell}
    title=${title}
    actions=${data && html`<${Actions} lot=${data} onOpen=${setSheet} onAsk=${setAsking} />`}
  >
    <a class="back-link" href="/lots">${icon("back")}${t("lots.title")}</a>
    ${
      !data &&
      error &&
      html`<div class="card">
        ${
          error.status === 404
            ? html`<${Empty} icon="search" title=${t("lots.unknown", { lot: code })} text=${t("lots.unknown_text")} />`
            : html`<${Problem} error=${error} retry=${lot.load} />`
        }
      </div>`
    }
    ${!data && !error && html`<div class="card card-body"><${Skeleton} rows="6" height="34" /></div>`}
    ${
      data &&
      html`
        ${
          data.hold_reason &&
          html`<${Notice} tone="stop" icon="hold" title=${t("lots.held_because")}>${data.hold_reason}<//>`
        }
        ${
          Number(data.remaining) < 0 &&
          html`<${Notice} tone="warn" icon="warning" title=${t("lots.below_zero")}>${t("lots.below_zero_text")}<//>`
        }
        <div class="lot-head">
          <div class="figures">
            <div class="figure">
              <span>${t("lots.remaining")}</span>
              <b data-testid="lot-remaining">${number(data.remaining)} <small>${data.unit}</small></b>
            </div>
            <div class="figure">
              <span>${t("lots.came_in")}</span>
              <b>${number(data.quantity)} <small>${data.unit}</small></b>
            </div>
          </div>
          <section class="card card-body"><${Facts} lot=${data} /></section>
        </div>
        <${Tabs}
          label=${code}
          value=${shownTab}
          onChange=${setTab}
          options=${tabsOf(data).map((value) => ({ value, label: t(`lot_tab.${value}`) }))}
        />
        ${
          shownTab === "movements"
            ? html`<${Movements} lot=${data} onChanged=${lot.load} />`
            : shownTab === "serials"
              ? html`<${Serials} lot=${data} />`
              : html`<${Trace} key=${`${code}${shownTab}`} lot=${code} direction=${shownTab} pulse=${data} />`
        }
        <${QuantitySheet}
          kind=${sheet}
          lot=${data}
          onClose=${() => setSheet(null)}
          onDone=${(answer) => {
            toast(t(`lots.${sheet}_done`, { lot: SHEETS[sheet].told(answer) }));
            setSheet(null);
            lot.load();
          }}
        />
      `
    }
    <${ReasonDialog}
      open=${asking !== null}
      onClose=${() => setAsking(null)}
      kind="hold"
      title=${asking === "release" ? t("lots.release_title", { lot: code }) : t("lots.hold_title", { lot: code })}
      text=${
        asking === "release"
          ? t("lots.release_text", { reason: data?.hold_reason ?? "" })
          : data?.state === "on_hold"
            ? t("lots.hold_more_text")
            : t("lots.hold_text")
      }
      confirm=${asking === "release" ? t("lots.release") : t("lots.hold")}
      tone=${asking === "hold" ? "danger" : "primary"}
      busy=${decide.busy}
      onConfirm=${(reason) => decide.go(asking, reason)}
    />
  <//>`;
}
