// /setup#token=…: the first administrator of this site, then what to do next.
import { html, useRef, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { hash } from "/js/lib/router.js";
import { adopt, site } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Gate } from "/js/components/gate.js";
import { NewPassword, passwordFits } from "/js/components/password.js";
import { NextSteps } from "/pages/start/first-start/steps.js";

export default function Setup() {
  const [form, setForm] = useState({ name: "", login: "", password: "" });
  const [done, setDone] = useState(false);
  // Kept from the moment in which it is there: the address is cleaned once the token is used.
  const kept = useRef(/** @type {string | null} */ (null));
  kept.current = new URLSearchParams(hash.value.slice(1)).get("token") ?? kept.current;
  const token = kept.current;
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const create = useAction(
    (key) =>
      post("/setup", { token, ...form, login: form.login.trim(), name: form.name.trim() }, { key, bearer: null }),
    {
      done: async (session) => {
        history.replaceState(null, "", "/setup");
        site.value = { ...site.value, needs_setup: false };
        setDone(true);
        await adopt(session);
      },
      failed: () => {},
    },
  );
  if (done) return html`<${NextSteps} />`;
  if (!token || site.value?.needs_setup === false) {
    return html`<${Gate}>
      <section class="card">
        <header>
          <h1>${t(token ? "setup.used_title" : "setup.no_token_title")}</h1>
          <p>${t(token ? "setup.used_text" : "setup.no_token_text")}</p>
        </header>
        <${Button} kind="primary" href="/sign-in">${t("sign_in.title")}<//>
      </section>
    <//>`;
  }
  const { problem } = create;
  const ready = form.name.trim() && form.login.trim() && passwordFits(form.password);
  const submit = (event) => {
    event.preventDefault();
    if (ready) create.go();
  };
  return html`<${Gate}>
    <section class="card">
      <header><h1>${t("setup.title")}</h1><p>${t("setup.text")}</p></header>
      <form onSubmit=${submit}>
        ${problem && !problem.errors?.length && html`<${Notice} tone="stop" title=${problemText(problem)} />`}
        <${Field}
          label=${t("setup.name")}
          value=${form.name}
          onInput=${change("name")}
          error=${problem?.field?.("name")}
          autocomplete="name"
          autofocus
          required
          data-testid="setup-name"
        />
        <${Field}
          label=${t("sign_in.login")}
          hint=${t("setup.login_hint")}
          value=${form.login}
          onInput=${change("login")}
          error=${problem?.field?.("login")}
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          data-testid="setup-login"
        />
        <${NewPassword}
          value=${form.password}
          onInput=${change("password")}
          error=${problem?.field?.("password")}
          required
          data-testid="setup-password"
        />
        <${Button} kind="primary" type="submit" busy=${create.busy} disabled=${!ready} data-testid="setup-submit">
          ${t("setup.submit")}
        <//>
      </form>
    </section>
  <//>`;
}
