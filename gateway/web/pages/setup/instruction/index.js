// /instructions/<code>: one work instruction: written, compared, reviewed, and who has read it. The controller.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, put } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Empty, Notice, Problem, Skeleton, problemText } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Tabs } from "/js/components/tabs.js";
import { toast } from "/js/components/toast.js";
import { InstructionActions } from "/pages/setup/instruction/actions.js";
import { Compare } from "/pages/setup/instruction/compare.js";
import { bodyOf, useDraft } from "/pages/setup/instruction/draft.js";
import { Editor } from "/pages/setup/instruction/editor.js";
import { Lead } from "/pages/setup/instruction/lead.js";
import { Readers, Revisions, Uses } from "/pages/setup/instruction/records.js";
import { Pages } from "/pages/setup/instruction/pages.js";

const MINE = ["draft", "approved", "withdrawn"]; // what can be written on, or after

function Kept({ draft, save }) {
  if (draft.conflict) {
    return html`<div class="notice warn" data-testid="draft-conflict">
      ${icon("warning")}
      <div class="grow"><p>${t("instructions.conflict")}</p><small>${t("instructions.conflict_text")}</small></div>
      <${Button} size="small" onClick=${draft.discard}>${t("instructions.take_theirs")}<//>
      <${Button} size="small" onClick=${draft.keepMine}>${t("instructions.keep_mine")}<//>
    </div>`;
  }
  if (save.waiting)
    return html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>
      ${t("instructions.kept_here")}
    <//>`;
  if (save.problem) return html`<${Notice} tone="stop" title=${problemText(save.problem)}>${t("form.kept")}<//>`;
  if (draft.restored) {
    return html`<div class="notice setup" role="status" data-testid="draft-restored">
      ${icon("undo")}
      <div class="grow"><p>${t("instructions.restored")}</p></div>
      <${Button} size="small" onClick=${draft.discard}>${t("instructions.discard")}<//>
    </div>`;
  }
  return null;
}

function Title({ doc, code }) {
  return html`<span class="instruction-title">
    <span>${doc ? local(doc.title) : code}</span>
    <small>${code}</small>
  </span>`;
}

export default function Instruction({ params }) {
  const { code } = params;
  const path = `/orders/instructions/${encodeURIComponent(code)}`;
  const instruction = useResource(() => get(path), [code], { auto: false });
  useLive(
    ["definitions"],
    instruction.load,
    (_, { type, data }) => type.includes(".instruction.") && data.code === code,
  );
  const names = usePeople();
  const [tab, setTab] = useState("content");
  const [editing, setEditing] = useState(false);
  const [viewed, setViewed] = useState(null); // an older revision
  const doc = instruction.data;
  const draft = useDraft(code, doc);
  const writer = may("planner", "quality") && MINE.includes(doc?.state);
  const open = writer && !viewed && (doc.state === "draft" || editing || draft.dirty);

  const took = (answer) => {
    instruction.set(answer);
    draft.adopt(answer);
    setEditing(false);
  };
  const save = useAction(() => put(path, bodyOf(draft.content), { etag: draft.etag }), {
    done: (answer) => {
      took(answer);
      toast(t("instructions.saved", { n: answer.revision }));
    },
    failed: (problem) => problem.status === 412 && instruction.load(),
  });
  const ready = draft.dirty && !draft.conflict && !save.busy;
  useEffect(() => {
    const keys = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || !open) return;
      event.preventDefault();
      if (ready) save.go();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  });

  const title = html`<${Title} doc=${draft.content ?? doc} code=${code} />`;
  if (!doc) {
    return html`<${OfficeShell} title=${title}>
      ${
        instruction.error
          ? html`<div class="card">
              ${
                instruction.error.status === 404
                  ? html`<${Empty} icon="search" title=${t("instructions.unknown", { code })}>
                      <${Button} kind="primary" href="/instructions">${t("instructions.all_of_them")}<//>
                    <//>`
                  : html`<${Problem} error=${instruction.error} retry=${instruction.load} />`
              }
            </div>`
          : html`<div class="card card-body"><${Skeleton} rows="6" height="48" /></div>`
      }
    <//>`;
  }
  const comparable = doc.approved && (doc.approved.revision !== doc.revision || draft.dirty);
  const tabs = [
    { value: "content", label: open ? t("instructions.write") : t("instructions.content") },
    comparable && { value: "compare", label: t("instructions.compare") },
    { value: "revisions", label: t("instructions.revisions") },
    { value: "readers", label: t("instructions.readers") },
    { value: "uses", label: t("instructions.uses") },
  ].filter(Boolean);
  const shown = tabs.some((one) => one.value === tab) ? tab : "content";
  const view = (revision) => {
    setViewed(revision.revision === doc.revision ? null : revision);
    setTab("content");
  };
  const actions = html`<${InstructionActions}
    doc=${doc}
    path=${path}
    open=${open}
    draft=${draft}
    save=${save}
    ready=${ready}
    onEdit=${() => {
      setViewed(null);
      setTab("content");
      setEditing(true);
    }}
    onDone=${took}
    onFailed=${instruction.load}
  />`;
  return html`<${OfficeShell} title=${title} actions=${actions}>
    <a class="back-link" href="/instructions">${icon("back")}${t("instructions.all_of_them")}</a>
    <${Lead}
      doc=${doc}
      viewed=${viewed}
      next=${open && doc.state !== "draft"}
      names=${names}
      onBack=${() => setViewed(null)}
    />
    <${Kept} draft=${draft} save=${save} />
    <${Tabs} label=${local(doc.title)} options=${tabs} value=${shown} onChange=${setTab} />
    ${
      shown === "content" &&
      (open
        ? draft.content && html`<${Editor} draft=${draft} problem=${save.problem} />`
        : html`<${Pages} pages=${(viewed ?? doc).pages} />`)
    }
    ${
      shown === "compare" &&
      html`<${Compare}
        before=${doc.approved}
        after=${
          open ? { ...bodyOf(draft.content), revision: doc.state === "draft" ? doc.revision : doc.revision + 1 } : doc
        }
      />`
    }
    ${shown === "revisions" && html`<${Revisions} path=${path} version=${doc.version} names=${names} onOpen=${view} />`}
    ${shown === "readers" && html`<${Readers} path=${path} names=${names} />`}
    ${shown === "uses" && html`<${Uses} path=${path} />`}
  <//>`;
}
