// /sign-in: by login and password in the office, by tile and PIN or by badge on an enrolled tablet.
import { html, useEffect, useState } from "/js/lib/html.js";
import { ApiProblem, deviceToken, get } from "/js/lib/api.js";
import { readOrCached } from "/js/floor/cache.js";
import { t } from "/js/lib/i18n.js";
import { find, navigate, safeNext } from "/js/lib/router.js";
import { home, mayUse, me } from "/js/lib/session.js";
import { useResource } from "/js/lib/resource.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Gate } from "/js/components/gate.js";
import { Crew } from "/pages/start/sign-in/crew.js";
import { PasswordForm } from "/pages/start/sign-in/password-form.js";

/** Where to go after signing in: where the person came from, if it is a page of theirs. */
async function destination(next) {
  const address = safeNext(next);
  if (!address || address === "/" || address.startsWith("/sign-in")) return home();
  const found = await find(new URL(address, location.href).pathname).catch(() => null);
  return found && mayUse(found.page) ? address : home();
}

export default function SignIn({ query }) {
  const [byPassword, setByPassword] = useState(!deviceToken.value);
  const [revoked, setRevoked] = useState(false);
  const device = useResource(
    () =>
      readOrCached("device", () =>
        get("/devices/current", {}, { bearer: deviceToken.value, signal: AbortSignal.timeout(4000) }),
      ),
    [],
    { auto: Boolean(deviceToken.value) },
  );
  useEffect(() => {
    if (!(device.error instanceof ApiProblem) || ![401, 403, 404].includes(device.error.status)) return;
    deviceToken.value = null;
    setRevoked(true);
    setByPassword(true);
  }, [device.error]);
  const enter = async () => navigate(await destination(query.get("next")), { replace: true });
  useEffect(() => {
    if (me.value) enter();
  }, []);
  if (byPassword)
    return html`<${PasswordForm}
      onSignedIn=${enter}
      revoked=${revoked}
      onBack=${deviceToken.value ? () => setByPassword(false) : null}
    />`;
  if (device.data)
    return html`<${Crew} device=${device.data} onSignedIn=${enter} onPassword=${() => setByPassword(true)} />`;
  return html`<${Gate}>
    <section class="card">
      ${
        device.error
          ? html`<${Problem} error=${device.error} retry=${device.load} />`
          : html`<h1>${t("sign_in.title")}</h1><${Skeleton} rows="3" height="46" />`
      }
    </section>
  <//>`;
}
