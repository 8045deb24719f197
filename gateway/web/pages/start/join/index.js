// /devices#enrol=…, opened on a tablet: the link's code becomes the device's own token.
import { html, useEffect, useState } from "/js/lib/html.js";
import { deviceToken, post, token } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { forgetPeople } from "/js/floor/people.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { hash, navigate } from "/js/lib/router.js";
import { me } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText, Skeleton } from "/js/components/feedback.js";
import { Gate } from "/js/components/gate.js";

const SHOWN_MS = 1800;

export default function Join() {
  // kept while joining: the used code is taken out of the address at once
  const [code] = useState(() => new URLSearchParams(hash.value.slice(1)).get("enrol"));
  const [device, setDevice] = useState(null);
  const [person] = useState(me.value);
  const go = (one) =>
    navigate(
      one.machine ? `/sign-in?next=${encodeURIComponent(`/station/${encodeURIComponent(one.machine)}`)}` : "/sign-in",
      { replace: true },
    );
  const join = useAction((key) => post("/devices", { code }, { key, bearer: null }), {
    done: (one) => {
      history.replaceState(null, "", "/devices#enrol");
      deviceToken.value = one.device_token;
      // A tablet belongs to whoever stands at it: nobody stays signed in on it.
      token.value = null;
      me.value = null;
      forgetPeople().catch(() => {}); // nobody was known
      setDevice(one);
    },
    failed: () => {},
  });
  useEffect(() => {
    if (!device) return undefined;
    const timer = setTimeout(() => go(device), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [device]);
  useEffect(() => {
    // Where somebody is signed in, this may be the office's own computer: ask first.
    if (!person) join.go();
  }, []);
  return html`<${Gate}>
    <section class="card">
      ${
        device &&
        html`<div class="enrol-done" role="status">
          ${icon("check")}
          <h1>${t("devices.joined", { name: device.name })}</h1>
          <p class="muted">${device.machine ?? t("devices.any_machine")}</p>
          <${Button} kind="primary" data-testid="device-go" onClick=${() => go(device)}>${t("sign_in.title")}<//>
        </div>`
      }
      ${
        !device &&
        join.problem &&
        html`
          <h1>${t("devices.not_joined")}</h1>
          <${Notice} tone="stop" title=${problemText(join.problem)} />
          <p class="muted">${t("devices.not_joined_text")}</p>
          <${Button} href="/sign-in">${t("sign_in.title")}<//>
        `
      }
      ${
        !device &&
        !join.problem &&
        (join.busy || !person) &&
        html`
          <h1>${t("devices.joining")}</h1>
          ${
            join.waiting
              ? html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")} />`
              : html`<${Skeleton} rows="2" height="40" />`
          }
        `
      }
      ${
        !device &&
        !join.problem &&
        !join.busy &&
        person &&
        html`
          <header>
            <h1>${t("devices.join_title")}</h1>
            <p>${t("devices.join_text", { name: local(person.name) })}</p>
          </header>
          <${Button} kind="primary" icon="device" data-testid="device-join" onClick=${() => join.go()}>
            ${t("devices.join")}
          <//>
          <${Button} kind="quiet" onClick=${() => location.replace("/devices")}>${t("devices.join_not")}<//>
        `
      }
    </section>
  <//>`;
}
