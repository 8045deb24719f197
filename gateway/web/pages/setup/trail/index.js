// /trail: who changed what, when and from what to what: of people, tablets and keys all of it, of anything else by its
// code.
import { html, useState } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useDevices, usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Search } from "/js/components/field.js";
import { Table } from "/js/components/table.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { actionWord, changeWords, KINDS, kindWord, subjectWord } from "/pages/setup/trail/subjects.js";

const PAGE = 50;
const view = makeView({ kind: ["all", ...Object.keys(KINDS)], code: "" });

/** A work order is known by its number, and named by its id; undefined: there is none of this number. */
async function subjectOf(kind, code) {
  if (kind !== "work_order") return `${kind}/${code}`;
  const orders = await get("/orders/work-orders", { q: code, limit: PAGE });
  const order = orders.items.find((one) => one.number.toLowerCase() === code.toLowerCase());
  return order && `${kind}/${order.id}`;
}

async function readTrail(kind, code, least) {
  const subject = kind === "all" || !code ? undefined : await subjectOf(kind, code);
  const items = [];
  if (kind !== "all" && !subject) return { items, more: false };
  let cursor;
  do {
    const page = await get(`${KINDS[kind] ?? ""}/audit`, { subject, cursor, limit: PAGE });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < least);
  return { items, more: Boolean(cursor) };
}

function Changes({ entry }) {
  const lines = entry.changes.map(changeWords);
  return html`
    ${entry.reason && html`<p class="why">${entry.reason}</p>`}
    <dl class="changes">
      ${lines.map(
        ({ label, before, after }) => html`
          <dt>${label}</dt>
          <dd>
            ${before && html`<s>${before}</s>`}${before && html` <span class="muted">→</span> `}${after || "–"}
          </dd>
        `,
      )}
    </dl>
  `;
}

const columns = (names, asked) => [
  { key: "at", label: t("trail.at"), render: (entry) => html`<span class="nowrap">${moment(entry.at)}</span>` },
  {
    key: "by",
    label: t("trail.by"),
    render: (entry) => html`
      <span class="first">${names.person(entry.person)}</span>
      ${entry.device_id && html`<span class="second">${names.device(entry.device_id) ?? ""}</span>`}
    `,
  },
  {
    key: "subject",
    label: t("trail.subject"),
    render: (entry) => {
      const { kind, name, code } = subjectWord(entry.subject, names, asked);
      return html`<span class="first">${name}</span>
        <span class="second">${[kind, code].filter(Boolean).join(" · ")}</span>`;
    },
  },
  { key: "action", label: t("trail.action"), render: actionWord },
  { key: "changes", label: t("trail.changes"), render: (entry) => html`<${Changes} entry=${entry} />` },
];

function Filters({ kind, code }) {
  return html`<div class="filters">
    <label class="choice">
      <span class="visually-hidden">${t("trail.of")}</span>
      <select
        class="input"
        data-testid="trail-kind"
        value=${kind}
        onChange=${(event) => view.change({ kind: event.currentTarget.value })}
      >
        <option value="all" selected=${kind === "all"}>${t("trail.all")}</option>
        ${Object.keys(KINDS).map(
          (one) => html`<option key=${one} value=${one} selected=${one === kind}>${kindWord(one)}</option>`,
        )}
      </select>
    </label>
    ${
      kind !== "all" &&
      html`<${Search}
      value=${code}
      onInput=${(text) => view.change({ code: text.trim() })}
      placeholder=${t("trail.code")}
    />`
    }
  </div>`;
}

export default function Trail() {
  const { kind, code } = view.use();
  const [least, setLeast] = useState(PAGE);
  const found = useResource(() => readTrail(kind, code, least), [kind, code, least]);
  const keys = useResource(async () => Object.fromEntries((await all("/api-keys")).map((one) => [one.id, one.name])));
  const names = { person: usePeople(), device: useDevices(), key: (id) => keys.data?.[id] };
  const { data, error, load } = found;
  const none =
    kind === "all" || code
      ? html`<${Empty} icon="history" title=${t("history.none")} />`
      : html`<${Empty} icon="search" title=${t("trail.which")} text=${t("trail.which_text")} />`;
  return html`<${OfficeShell} title=${t("trail.title")}>
    <${Filters} kind=${kind} code=${code} />
    ${
      error && !data
        ? html`<div class="card"><${Problem} error=${error} retry=${load} /></div>`
        : html`<${Table}
            class="fill trail"
            label=${t("trail.title")}
            columns=${columns(names, kind === "all" ? "" : code)}
            rows=${data?.items}
            rowKey=${(entry) => entry.position}
            empty=${none}
            foot=${
              data?.more &&
              html`<div class="list-more">
                <${Button} kind="quiet" busy=${found.loading} onClick=${() => setLeast(data.items.length + PAGE)}>
                  ${t("orders.more")}
                <//>
              </div>`
            }
          />`
    }
  <//>`;
}
