// What this browser itself still keeps for the floor: seen by an administrator, saved as a file when a tablet is
// retired.
import { html, useEffect } from "/js/lib/html.js";
import { deviceToken, saveAs } from "/js/lib/api.js";
import { commands, depth, ready } from "/js/floor/queue.js";
import { isEncrypted } from "/js/floor/encryption.js";
import { isoDay } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Notice } from "/js/components/feedback.js";

function exported() {
  const held = commands.value.map(({ answer, review, ...command }) => command);
  return new Blob(
    [
      JSON.stringify(
        { format: "dure-tablet-queue", version: 1, exported_at: new Date().toISOString(), commands: held },
        null,
        2,
      ),
    ],
    { type: "application/json" },
  );
}

/** Nothing where this browser is no tablet and keeps nothing. */
export function KeptHere() {
  useEffect(() => {
    ready().catch(() => {}); // a browser without a database keeps nothing
  }, []);
  const count = commands.value.length;
  if (!may() || (!count && !deviceToken.value)) return null;
  return html`<section class="card card-body kept-here" data-testid="kept-here">
    <div class="row wrap">
      <div class="grow">
        <h2>${t("devices.kept")}</h2>
        <p class="muted">${t("devices.kept_text", { n: count, open: depth.value })}</p>
      </div>
      <${Button}
        icon="import"
        disabled=${!count}
        data-testid="kept-export"
        onClick=${() => saveAs(exported(), `dure-tablet-${isoDay(Date.now())}.json`)}
      >
        ${t("devices.kept_export")}
      <//>
    </div>
    ${
      !isEncrypted &&
      html`<${Notice} tone="warn" icon="lock" title=${t("floor.not_sealed")}>${t("floor.not_sealed_text")}<//>`
    }
  </section>`;
}
