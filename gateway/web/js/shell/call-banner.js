// A call that nobody has answered stands above every page of those who can answer it.
import { html, signal } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { now } from "/js/lib/clock.js";
import { callDisplay } from "/js/lib/display.js";
import { duration } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { page } from "/js/lib/router.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { openCalls } from "/js/shell/waiting.js";

const ANSWER = ["leader", "quality", "planner", "maintenance"];
/** The calls that this browser's person has put away. @type {Signal<Set<string>>} */
const away = signal(new Set());

export function CallBanner() {
  const take = useAction((key, call) => post(`/production/andon-calls/${call.id}/acknowledge`, {}, { key }), {
    done: (_, call) => {
      openCalls.value = openCalls.value.filter((one) => one.id !== call.id);
      toast(t("andon.take_done", { machine: call.machine }));
    },
    failed: toastProblem,
  });
  const calls = openCalls.value.filter((call) => !away.value.has(call.id));
  if (!calls.length || page.value?.id === "andon" || !may(...ANSWER)) return null;
  const [call] = calls;
  const display = callDisplay(call.kind);
  const passed = Math.max(0, Number(now.value) - Number(new Date(call.at)));
  const hide = () => {
    away.value = new Set([...away.value, ...calls.map((one) => one.id)]);
  };
  return html`<aside class="call-banner" role="alert" data-testid="call-banner">
    ${icon("bell")}
    <a class="grow" href="/andon" data-testid="call-banner-open">
      <b>${call.machine} · ${display.label}</b>
      <span>
        ${[
          call.note,
          t("andon.waits", { time: duration(passed) }),
          calls.length > 1 && t("andon.more", { n: calls.length - 1 }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </a>
    <${Button}
      kind="danger"
      icon="hand"
      busy=${take.busy}
      data-testid="call-banner-take"
      onClick=${() => take.go(call)}
    >
      ${t("andon.take")}
    <//>
    <${Button} kind="quiet" icon="close" aria-label=${t("andon.hide")} title=${t("andon.hide")} onClick=${hide} />
  </aside>`;
}
