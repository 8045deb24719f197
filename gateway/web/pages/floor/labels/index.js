// /labels: what was printed, how labels look, and which printers there are.
import { html, useState } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Tabs } from "/js/components/tabs.js";
import { Printed } from "/pages/floor/labels/printed.js";
import { Printers } from "/pages/floor/labels/printers.js";
import { Templates } from "/pages/floor/labels/templates.js";

const view = makeView({ tab: ["printed", "templates", "printers"] });

export default function Labels({ query }) {
  const { tab } = view.use();
  const [adding, setAdding] = useState(false);
  const admin = may();
  const choose = (next) => {
    setAdding(false);
    view.change({ tab: next });
  };
  const add =
    admin &&
    tab !== "printed" &&
    html`<${Button} kind="primary" icon="plus" data-testid="label-add" onClick=${() => setAdding(true)}>
      ${tab === "templates" ? t("label.add_template") : t("label.add_printer")}
    <//>`;
  const options = [
    { value: "printed", label: t("label.printed") },
    { value: "templates", label: t("label.templates") },
    { value: "printers", label: t("label.printers") },
  ];
  const props = { admin, adding, onAdding: setAdding };
  return html`<${OfficeShell} title=${t("label.title")} actions=${add}>
    <${Tabs} label=${t("label.title")} value=${tab} onChange=${choose} options=${options} />
    ${tab === "printed" && html`<${Printed} lot=${query.get("lot")} job=${query.get("job")} />`}
    ${tab === "templates" && html`<${Templates} ...${props} />`}
    ${tab === "printers" && html`<${Printers} ...${props} />`}
  <//>`;
}
