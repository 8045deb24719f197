import { html, useState } from "/js/lib/html.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { signIn, site } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Gate } from "/js/components/gate.js";

/** The office's way in. `onBack` leads to the people of this tablet. */
export function PasswordForm({ onSignedIn, onBack, revoked }) {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const enter = useAction((_key) => signIn({ login: login.trim(), password }), {
    done: onSignedIn,
    failed: () => setPassword(""),
  });
  const submit = (event) => {
    event.preventDefault();
    if (login.trim() && password) enter.go();
  };
  return html`<${Gate}>
    <section class="card">
      <h1>${t("sign_in.title")}</h1>
      <form onSubmit=${submit}>
        ${revoked && html`<${Notice} tone="warn" title=${t("sign_in.revoked")} />`}
        ${
          site.value?.needs_setup &&
          html`<${Notice} tone="setup" title=${t("sign_in.needs_setup")}>${t("setup.no_token_text")}<//>`
        }
        ${enter.problem && html`<${Notice} tone="stop" title=${problemText(enter.problem)} />`}
        ${enter.waiting && html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")} />`}
        <${Field}
          label=${t("sign_in.login")}
          value=${login}
          onInput=${setLogin}
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          autofocus
          data-testid="sign-in-person"
        />
        <${Field}
          label=${t("password.label")}
          type="password"
          value=${password}
          onInput=${setPassword}
          autocomplete="current-password"
          data-testid="sign-in-pin"
        />
        <${Button} kind="primary" type="submit" busy=${enter.busy} data-testid="sign-in-submit">
          ${t("sign_in.submit")}
        <//>
      </form>
    </section>
    ${
      onBack &&
      html`<p class="gate-other">
        <${Button} kind="quiet" icon="back" onClick=${onBack}>${t("sign_in.to_people")}<//>
      </p>`
    }
  <//>`;
}
