// What one shift told the next at all machines, the newest first, and who has read it.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { moment } from "/js/lib/format.js";
import { phrases, unreadOf, useReadNotes } from "/js/lib/handover.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Choice, Field, Pills } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { toast, toastProblem } from "/js/components/toast.js";

const AT_ONCE = 200;

function Note({ note, words, isUnread, person, busy, onRead }) {
  const readers = note.read_by.map((one) => `${person(one.person)} ${moment(one.at)}`).join(" · ");
  return html`<li class="note-row ${isUnread ? "new" : ""}" data-testid="note-${note.id}">
    <div class="grow">
      <div class="note-head">
        <b>${note.machine}</b>
        ${isUnread && html`<${Chip} tone="setup" icon="chat">${t("handover.is_unread")}<//>`}
      </div>
      <p>${words}</p>
      <span>${person(note.person)} · ${moment(note.at)}</span>
      <span class="muted">${readers ? t("handover.read_by", { who: readers }) : t("handover.read_by_nobody")}</span>
    </div>
    ${
      isUnread &&
      html`<${Button} size="tall" icon="check" disabled=${busy} data-testid="note-read" onClick=${() => onRead(note)}>
        ${t("handover.read")}
      <//>`
    }
  </li>`;
}

function WriteSheet({ open, machines, machine, onClose, onDone }) {
  const [form, setForm] = useState({ machine: "", note: "" });
  useEffect(() => {
    if (open) setForm({ machine, note: "" });
  }, [open]);
  const set = (name) => (value) => setForm((was) => ({ ...was, [name]: value }));
  const add = (phrase) => setForm((was) => ({ ...was, note: was.note ? `${was.note}\n${phrase}` : phrase }));
  const write = useAction(
    (key, code, note) => post(`/production/machines/${encodeURIComponent(code)}/handovers`, { note }, { key }),
    { done: onDone, failed: toastProblem },
  );
  const isReady = form.machine && form.note.trim();
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${t("handover.write")}
    class="review-sheet"
    data-testid="note-write-sheet"
    footer=${html`<${Button}
      kind="primary"
      size="tall"
      icon="check"
      busy=${write.busy}
      disabled=${!isReady}
      data-testid="note-leave"
      onClick=${() => write.go(form.machine, form.note.trim())}
    >
      ${t("handover.leave")}
    <//>`}
  >
    <div class="form">
      <${Field}
        label=${t("report.machine")}
        value=${form.machine}
        onInput=${set("machine")}
        data-testid="note-machine"
        options=${[
          { value: "", label: t("handover.choose_machine") },
          ...machines.map((code) => ({ value: code, label: code })),
        ]}
      />
      <div class="suggestions">
        ${phrases().map(
          (phrase) =>
            html`<button type="button" class="pill" key=${phrase} onClick=${() => add(phrase)}>${phrase}</button>`,
        )}
      </div>
      <${Field}
        label=${t("handover.note")}
        rows="4"
        maxlength="2000"
        value=${form.note}
        onInput=${set("note")}
        data-testid="note-text"
      />
    </div>
  <//>`;
}

export function Handovers({ shop, reload }) {
  const [chosen, setChosen] = useState({ machine: "", which: "" });
  const [most, setMost] = useState(AT_ONCE);
  const [writes, setWrites] = useState(false);
  const inOwnWords = useReadNotes();
  const query = { ...(chosen.machine ? { machine: chosen.machine } : {}), ...(chosen.which ? { unread: true } : {}) };
  const notes = useResource(() => all("/production/handovers", query, most), [JSON.stringify(query), most]);
  useEveryMinute(notes.load);
  const again = () => {
    notes.load();
    reload();
  };
  const read = useAction((key, note) => post(`/production/handovers/${note.id}/read`, {}, { key }), {
    done: again,
    failed: toastProblem,
  });
  const written = () => {
    setWrites(false);
    toast(t("handover.left"));
    again();
  };
  const { data, error } = notes;
  const unread = unreadOf(data ?? []);
  return html`
    <div class="filters note-filters">
      <${Pills}
        label=${t("handover.title")}
        value=${chosen.which}
        onChange=${(which) => setChosen({ ...chosen, which })}
        options=${[{ value: "", label: t("review.every") }, { value: "unread", label: t("handover.is_unread") }]}
      />
      <${Choice}
        label=${t("report.machine")}
        value=${chosen.machine}
        onChange=${(machine) => setChosen({ ...chosen, machine })}
        data-testid="note-filter"
        options=${shop.words.machines.map((code) => ({ value: code, label: code }))}
      />
      <${Button} kind="primary" icon="plus" data-testid="note-write" onClick=${() => setWrites(true)}>
        ${t("handover.write")}
      <//>
    </div>
    ${
      !data &&
      (error
        ? html`<div class="card"><${Problem} error=${error} retry=${notes.load} /></div>`
        : html`<div class="card card-body"><${Skeleton} rows="5" height="72" /></div>`)
    }
    ${
      data?.length === 0 &&
      html`<div class="card">
        <${Empty}
          icon="chat"
          title=${chosen.which ? t("handover.all_read") : t("handover.none")}
          text=${t("handover.none_text")}
        />
      </div>`
    }
    ${
      data?.length > 0 &&
      html`<ol class="card note-list">
        ${data.map(
          (note) =>
            html`<${Note}
              key=${note.id}
              note=${note}
              words=${inOwnWords(note.note)}
              isUnread=${unread.includes(note)}
              person=${shop.person}
              busy=${read.busy}
              onRead=${read.go}
            />`,
        )}
        ${
          data.length >= most &&
          html`<li class="list-more">
            <${Button} kind="quiet" busy=${notes.loading} onClick=${() => setMost(most + AT_ONCE)}>
              ${t("handover.more")}
            <//>
          </li>`
        }
      </ol>`
    }
    <${WriteSheet}
      open=${writes}
      machines=${shop.words.machines}
      machine=${chosen.machine}
      onClose=${() => setWrites(false)}
      onDone=${written}
    />
  `;
}
