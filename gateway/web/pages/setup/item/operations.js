// The operations of a routing as rows: one line each, all fields when it is open.
import { html } from "/js/lib/html.js";
import { operationFields } from "/pages/setup/item/documents.js";
import { nameOf } from "/js/lib/fields.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Described } from "/js/components/described.js";
import { operationWords } from "/pages/setup/item/words.js";

/**
 * Renumbers when two operations change places: each keeps its place's number, and what waited for one of them still
 * does.
 */
function swapped(operations, index, step) {
  const [a, b] = [operations[index], operations[index + step]];
  const renamed = (op) => (op === Number(a.op) ? Number(b.op) : op === Number(b.op) ? Number(a.op) : op);
  const waiting = (row) => ({ ...row, predecessors: row.predecessors?.map(renamed) ?? null });
  const next = operations.map(waiting);
  next[index] = { ...waiting(b), op: a.op };
  next[index + step] = { ...waiting(a), op: b.op };
  return next;
}

/** Without a row, and without waiting for it. */
function without(operations, row) {
  const gone = Number(row.op);
  return operations
    .filter((one) => one.id !== row.id)
    .map((one) => ({ ...one, predecessors: one.predecessors?.filter((op) => op !== gone) ?? null }));
}

/** What an operation waits for: the one before it, nothing, or those that are touched. */
function Before({ step, operations, onChange, error, disabled }) {
  const others = operations
    .filter((one) => one.id !== step.id && Number(one.op))
    .map((one) => Number(one.op))
    .sort((a, b) => a - b);
  const chosen = step.predecessors;
  const toggle = (op) =>
    onChange({
      predecessors: chosen?.includes(op)
        ? chosen.filter((one) => one !== op)
        : [...(chosen ?? []), op].sort((a, b) => a - b),
    });
  const pill = (name, pressed, press, label) =>
    html`<button
      type="button"
      class="pill"
      key=${name}
      aria-pressed=${pressed}
      disabled=${disabled}
      data-testid="before-${name}"
      onClick=${press}
    >
      ${label}
    </button>`;
  return html`<div class="described wide" data-field="predecessors">
    <div class="field">
      <span class="label">${t("fact.predecessors")}</span>
      <div class="choices" role="group" aria-label=${t("fact.predecessors")}>
        ${pill("usual", chosen === null, () => onChange({ predecessors: null }), t("routing.op_before"))}
        ${pill("start", chosen?.length === 0, () => onChange({ predecessors: [] }), t("routing.is_start"))}
        ${others.map((op) => pill(op, Boolean(chosen?.includes(op)), () => toggle(op), op))}
      </div>
      ${
        error
          ? html`<span class="error">${icon("warning")}${error}</span>`
          : html`<span class="hint">${t("fact_hint.predecessors")}</span>`
      }
    </div>
  </div>`;
}

function Row({ step, index, operations, isOpen, onOpen, onChange, problem, disabled }) {
  const words = operationWords(step);
  const change = (patch) => onChange(operations.map((one) => (one.id === step.id ? { ...one, ...patch } : one)));
  const prefix = `operations.${index}.`;
  const errors = problem?.errors?.filter((error) => error.field.startsWith(prefix)) ?? [];
  const fields = operationFields(step);
  const split = fields.findIndex((field) => field.name === "predecessors");
  const part = (some) =>
    html`<${Described}
      fields=${some}
      form=${step}
      onChange=${change}
      problem=${problem}
      prefix=${prefix}
      disabled=${disabled}
    />`;
  const tool = (glyph, label, press, off, name) =>
    html`<${Button}
      kind="quiet"
      icon=${glyph}
      aria-label=${label}
      title=${label}
      disabled=${off}
      data-testid="operation-${name}"
      onClick=${press}
    />`;
  return html`<li
    class="op-row ${isOpen ? "open" : ""} ${errors.length ? "fault" : ""}"
    data-row=${step.id}
    data-field="operations.${step.op}"
  >
    <div class="op-line">
      <button
        type="button"
        class="op-head"
        aria-expanded=${isOpen}
        data-testid="operation-${step.op}"
        onClick=${() => onOpen(isOpen ? null : step.id)}
      >
        <b class="op">${step.op || "–"}</b>
        <span class="grow">
          <b class="ellipsis">${nameOf(step.name) || t("routing.no_name")}</b>
          <small class="ellipsis">${[words.where, step.instruction].filter(Boolean).join(" · ")}</small>
        </span>
        <span class="end"><span>${words.time}</span>${words.setup && html`<small>${words.setup}</small>`}</span>
        ${icon(isOpen ? "up" : "down")}
      </button>
      ${
        !disabled &&
        html`<span class="op-tools">
          ${tool("up", t("routing.up"), () => onChange(swapped(operations, index, -1)), index === 0, "up")}
          ${tool(
            "down",
            t("routing.down"),
            () => onChange(swapped(operations, index, 1)),
            index === operations.length - 1,
            "down",
          )}
          ${tool("trash", t("fact.remove"), () => onChange(without(operations, step)), false, "remove")}
        </span>`
      }
    </div>
    ${
      errors.length > 0 &&
      !isOpen &&
      html`<p class="op-error">${icon("warning")}${errors.map((error) => error.message).join(" ")}</p>`
    }
    ${
      isOpen &&
      html`<div class="op-fields">
        ${part(fields.slice(0, split))}
        <${Before}
          step=${step}
          operations=${operations}
          onChange=${change}
          error=${problem?.field?.(`${prefix}predecessors`)}
          disabled=${disabled}
        />
        ${part(fields.slice(split + 1))}
      </div>`
    }
  </li>`;
}

export function Operations({ operations, open, onOpen, onChange, problem, disabled, add }) {
  return html`<section class="card op-list" data-field="routing">
    <header class="card-head"><h2 class="grow">${t("order.operations")}</h2>${add}</header>
    <ol>
      ${operations.map(
        (step, index) =>
          html`<${Row}
            key=${step.id}
            step=${step}
            index=${index}
            operations=${operations}
            isOpen=${open === step.id}
            onOpen=${onOpen}
            onChange=${onChange}
            problem=${problem}
            disabled=${disabled}
          />`,
      )}
    </ol>
  </section>`;
}
