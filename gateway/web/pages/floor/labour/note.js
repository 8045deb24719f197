// A leader notes that somebody came or went, now or at an earlier time.
import { html, useEffect, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { clock, instant, isoDay, moment } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { readPeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Notice } from "/js/components/feedback.js";
import { Field, Pills } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { toast, toastProblem } from "/js/components/toast.js";

const UNUSUAL = ["late", "clock"];

/** When it probably was: who works already came before that; who forgot to go went on the day on which they came. */
function likely(one) {
  if (one?.flags.includes("forgotten_out")) return { other: "other", date: isoDay(one.begins), time: "" };
  const worksSince = one && !one.begins ? one.jobs.map((job) => job.since).sort()[0] : null;
  return worksSince
    ? { other: "other", date: isoDay(worksSince), time: clock(worksSince) }
    : { other: "now", date: isoDay(Date.now()), time: "" };
}

/** What the server made of it, in words. */
function tell(answer, kind, person) {
  const at = kind === "in" || answer.flags.includes("already") ? answer.begins : answer.ends;
  const words = {
    name: person(answer.person),
    time: moment(answer.flags.includes("already") && kind === "out" ? answer.ends : at),
  };
  const told = answer.flags.includes("already") ? t(`labour.already.${kind}`, words) : t(`labour.noted.${kind}`, words);
  const more = [
    ...(answer.flags.includes("came_again") ? [t("labour.came_again")] : []),
    ...answer.flags.filter((flag) => UNUSUAL.includes(flag)).map((flag) => t(`labour.moved.${flag}`)),
  ];
  toast([told, ...more].join(" "), {
    tone: answer.flags.length ? "warn" : "",
    icon: answer.flags.length ? "flag" : "check",
    ms: answer.flags.length ? 9000 : 4000,
  });
}

export function NoteSheet({ noted, present, person, onClose, onDone }) {
  const [form, setForm] = useState({ kind: "in", person: "", other: "now", date: "", time: "" });
  const people = useResource(
    async () => (noted ? (await readPeople()).filter((one) => one.active) : undefined),
    [noted !== null],
  );
  const there = present.find((one) => one.person === form.person);
  useEffect(() => {
    if (!noted) return;
    const one = present.find((each) => each.person === noted.person);
    setForm({ ...noted, ...likely(one) });
  }, [noted]);
  const set = (name) => (value) => setForm((was) => ({ ...was, [name]: value }));
  const write = useAction((key, body) => post("/production/attendance", body, { key }), {
    done: (answer, body) => {
      tell(answer, body.kind, person);
      onDone();
    },
    failed: toastProblem,
  });
  const isReady = form.person && (form.other === "now" || (form.date && form.time));
  const confirm = () =>
    write.go({
      kind: form.kind,
      person: form.person,
      ...(form.other === "other" ? { at: instant(form.date, form.time) } : {}),
    });
  const names = [...(people.data ?? [])]
    .map((one) => ({ value: one.code, label: `${local(one.name)} (${one.code})` }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return html`<${Sheet}
    open=${noted !== null}
    onClose=${onClose}
    from="side"
    title=${t("labour.note")}
    class="note-sheet"
    data-testid="note-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        icon="check"
        busy=${write.busy}
        disabled=${!isReady}
        data-testid="note-confirm"
        onClick=${confirm}
      >
        ${form.kind === "in" ? t("labour.note_in") : t("labour.note_out")}
      <//>
    `}
  >
    <div class="form">
      <${Field}
        label=${t("labour.person")}
        value=${form.person}
        data-testid="note-person"
        onInput=${set("person")}
        options=${[{ value: "", label: t("labour.choose_person") }, ...names]}
      />
      ${
        there?.begins &&
        html`<${Notice}
          tone=${there.flags.length ? "warn" : "run"}
          icon="clock"
          title=${t("labour.there_since", { time: moment(there.begins) })}
        >
          ${there.again_at && t("labour.again", { time: moment(there.again_at) })}
        <//>`
      }
      <${Pills}
        label=${t("labour.note")}
        value=${form.kind}
        onChange=${set("kind")}
        options=${[{ value: "in", label: t("labour.came") }, { value: "out", label: t("labour.went") }]}
      />
      <${Pills}
        label=${t("labour.when")}
        value=${form.other}
        onChange=${set("other")}
        options=${[
          { value: "now", label: t("labour.now", { time: clock(Date.now()) }) },
          { value: "other", label: t("labour.other_time") },
        ]}
      />
      ${
        form.other === "other" &&
        html`<div class="form two">
          <${Field}
            label=${t("labour.date")}
            type="date"
            max=${isoDay(Date.now())}
            value=${form.date}
            data-testid="note-date"
            onInput=${set("date")}
          />
          <${Field}
            label=${t("labour.time")}
            type="time"
            value=${form.time}
            data-testid="note-time"
            onInput=${set("time")}
          />
        </div>`
      }
      ${form.kind === "out" && there?.again_at && html`<p class="muted">${t("labour.again_text")}</p>`}
    </div>
  <//>`;
}
