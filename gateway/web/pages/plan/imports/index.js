// /imports: drop a file, see what it would do row by row, apply it; what was imported, and back; templates and
// everything as files.
import { html, useState } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Tabs } from "/js/components/tabs.js";
import { Files } from "/pages/plan/imports/files.js";
import { History } from "/pages/plan/imports/history.js";
import { loadKinds } from "/pages/plan/imports/kinds.js";
import { Wizard } from "/pages/plan/imports/wizard.js";

const view = makeView({ tab: ["import", "history", "files"] });

export default function Imports() {
  const { tab } = view.use();
  const setTab = (value) => view.change({ tab: value });
  const [opened, setOpened] = useState(null);
  const kinds = useResource(loadKinds, [], { worded: true });
  const show = (run) => {
    setTab("history");
    setOpened(run);
  };
  const tabs = [
    { value: "import", label: t("imports.tab") },
    { value: "history", label: t("imports.history") },
    { value: "files", label: t("imports.files") },
  ];
  return html`<${OfficeShell} title=${t("imports.title")}>
    <${Tabs} label=${t("imports.title")} options=${tabs} value=${tab} onChange=${setTab} />
    ${
      kinds.error &&
      !kinds.data &&
      html`<div class="card"><${Problem} error=${kinds.error} retry=${kinds.load} /></div>`
    }
    ${!kinds.data && !kinds.error && html`<${Skeleton} rows="4" height="60" />`}
    ${kinds.data && tab === "import" && html`<${Wizard} kinds=${kinds.data} onHistory=${show} />`}
    ${kinds.data && tab === "history" && html`<${History} kinds=${kinds.data} opened=${opened} onOpen=${setOpened} />`}
    ${kinds.data && tab === "files" && html`<${Files} kinds=${kinds.data} />`}
  <//>`;
}
