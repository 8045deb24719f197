// /sign-in: by login and password in the office, by tile and PIN or by badge on an enrolled tablet.
import { html, useEffect, useState } from "/js/lib/html.js";
import { ApiProblem, deviceToken, get } from "/js/lib/api.js";
import { readOrCached } from "/js/floor/cache.js";
import { t } from "/js/lib/i18n.js";
import { navigate, safeNext } from "/js/lib/router.js";
import { home, may, me } from "/js/lib/session.js";
import { useResource } from "/js/lib/resource.js";
import { useStyle } from "/js/lib/style.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Gate } from "/js/components/gate.js";
import { Crew } from "/js/screens/sign-in/crew.js";
import { PasswordForm } from "/js/screens/sign-in/password-form.js";

const OFFICE = /^\/(orders|imports|erp|quality|people|devices)/;

/** Where to go after signing in: where the person came from, if it is a page of theirs. */
function destination(next) {
  const wanted = safeNext(next);
  if (
    !wanted ||
    wanted.startsWith("/sign-in") ||
    (OFFICE.test(wanted) && !may("planner", "leader", "quality", "viewer"))
  )
    return home();
  return wanted;
}

export default function SignIn({ query }) {
  const styled = useStyle("sign-in", "tablet");
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
  const enter = () => navigate(destination(query.get("next")), { replace: true });
  useEffect(() => {
    if (me.value) enter();
  }, []);
  if (!styled) return null;
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
