// Adding or changing a person: who, what they may do, how they sign in.
import { html, useEffect, useState } from "/js/lib/html.js";
import { patch, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { showFault } from "/js/lib/fault.js";
import { icon } from "/js/lib/icons.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";
import { me } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { NewPassword, passwordFits } from "/js/components/password.js";
import { Dialog, Sheet } from "/js/components/sheet.js";
import { randomPin } from "/pages/setup/people/pins.js";

export const ROLES = ["operator", "leader", "quality", "planner", "maintenance", "viewer", "admin"];
const BLANK = {
  code: "",
  name: "",
  roles: ["operator"],
  languages: ["ko"],
  pin: "",
  badge: "",
  login: "",
  password: "",
};
const SECRETS = ["pin", "badge"];
/** Fields that show what is wrong with them. */
const FIELDS = ["name", "code", "roles", "pin", "badge", "login", "password"];

const toggled = (list, value) => (list.includes(value) ? list.filter((one) => one !== value) : [...list, value]);

/** Only what was changed goes to the server; what was taken away goes as null. */
function changes(form, person, removed) {
  const body = {};
  if (form.name.trim() !== local(person?.name)) body.name = form.name.trim();
  if (String(form.roles) !== String(person?.roles)) body.roles = form.roles;
  if (String(form.languages) !== String(person?.languages)) body.languages = form.languages;
  for (const name of SECRETS) {
    if (form[name]) body[name] = form[name];
    else if (removed.includes(name)) body[name] = null;
  }
  if (form.login.trim() !== (person?.login ?? "")) body.login = form.login.trim() || null;
  if (form.password) body.password = form.password;
  return person ? body : { code: form.code.trim(), ...body };
}

export function PersonSheet({ open, person, onClose, onSaved }) {
  const [form, setForm] = useState(BLANK);
  const [removed, setRemoved] = useState([]);
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const set = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const path = person && `/people/${encodeURIComponent(person.code)}`;
  const save = useAction(
    (key) =>
      person ? patch(path, changes(form, person, removed)) : post("/people", changes(form, null, removed), { key }),
    { done: (saved) => onSaved(saved, person ? "changed" : "added"), failed: () => {} },
  );
  const activate = useAction((_key, active) => patch(path, { active }), {
    done: (saved, active) => {
      setAsking(false);
      onSaved(saved, active ? "activated" : "deactivated");
    },
    failed: () => setAsking(false),
  });
  useEffect(() => {
    if (!open) return;
    setForm(
      person
        ? {
            ...BLANK,
            code: person.code,
            name: local(person.name),
            roles: person.roles,
            languages: person.languages,
            login: person.login ?? "",
          }
        : BLANK,
    );
    setRemoved([]);
    setTried(false);
    save.forget();
    activate.forget();
  }, [open, person?.code]);
  const problem = save.problem ?? activate.problem;
  const pinFits = !form.pin || form.pin.length === 6;
  const passwordOk = !form.password || (passwordFits(form.password) && form.login.trim());
  const ready = form.code.trim() && form.name.trim() && form.roles.length && pinFits && passwordOk;
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go();
    else {
      setTried(true);
      showFault();
    }
  };
  /** What is wrong with a field: what the server said of it, or what is still missing. */
  const wrong = (name) => {
    const missing = {
      name: !form.name.trim() && t("people.needed"),
      code: !form.code.trim() && t("people.needed"),
      roles: !form.roles.length && t("people.needed"),
      pin: !pinFits && t("people.pin_digits"),
    }[name];
    return problem?.field?.(name) ?? ((tried && missing) || undefined);
  };
  const has = (name) => person?.[`has_${name}`] && !removed.includes(name);
  const removeButton = (name) =>
    has(name) &&
    html`<${Button} kind="quiet" onClick=${() => setRemoved([...removed, name])}>${t("people.remove")}<//>`;
  const himself = person?.code === me.value?.person;
  const footer = html`
    ${
      person &&
      !himself &&
      html`<${Button}
        kind="quiet"
        class=${person.active ? "tone-stop" : ""}
        style=${{ marginRight: "auto" }}
        busy=${activate.busy}
        data-testid="person-active"
        onClick=${() => (person.active ? setAsking(true) : activate.go(true))}
      >
        ${person.active ? t("people.deactivate") : t("people.activate")}
      <//>`
    }
    <${Button} onClick=${onClose}>${t("action.cancel")}<//>
    <${Button} kind="primary" busy=${save.busy} data-testid="person-save" onClick=${submit}>
      ${t("action.save")}
    <//>
  `;
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    from="side"
    title=${person ? local(person.name) : t("people.add")}
    footer=${footer}
    data-testid="person-sheet"
  >
    <form class="form people-form" onSubmit=${submit}>
      <${FormNews} action=${{ problem, waiting: save.waiting || activate.waiting }} fields=${FIELDS} />
      <div class="form two">
        <${Field}
          label=${t("people.name")}
          value=${form.name}
          onInput=${set("name")}
          error=${wrong("name")}
          autofocus=${!person}
          data-testid="person-name"
        />
        <${Field}
          label=${t("people.code")}
          value=${form.code}
          onInput=${set("code")}
          disabled=${Boolean(person)}
          error=${wrong("code")}
          hint=${person ? undefined : t("people.code_hint")}
          spellcheck="false"
          data-testid="person-code"
        />
      </div>
      <fieldset class="group">
        <legend class="visually-hidden">${t("people.roles")}</legend>
        <b>${t("people.roles")}</b>
        ${wrong("roles") && html`<span class="error fault">${icon("warning")}${wrong("roles")}</span>`}
        <div class="roles">
          ${ROLES.map(
            (role) =>
              html`<label class="role" key=${role}>
                <input
                  type="checkbox"
                  checked=${form.roles.includes(role)}
                  data-testid="role-${role}"
                  onChange=${() => set("roles")(toggled(form.roles, role))}
                />
                <span><b>${t(`role.${role}`)}</b><small>${t(`role_text.${role}`)}</small></span>
              </label>`,
          )}
        </div>
      </fieldset>
      <div class="group">
        <b>${t("people.on_tablet")}</b>
        <div class="with-button">
          <${Field}
            label="PIN"
            inputmode="numeric"
            autocomplete="off"
            maxlength="6"
            value=${form.pin}
            onInput=${(value) => set("pin")(value.replace(/\D/g, ""))}
            placeholder=${has("pin") ? "••••••" : t("people.pin_digits")}
            error=${wrong("pin")}
            hint=${has("pin") ? t("people.keep_hint") : t("people.pin_hint")}
            data-testid="person-pin"
          />
          <span class="row" style=${{ gap: "4px", marginTop: "27px" }}>
            <${Button} onClick=${() => set("pin")(randomPin())}>${t("people.random")}<//>
            ${removeButton("pin")}
          </span>
        </div>
        <div class="with-button">
          <${Field}
            label=${t("people.badge")}
            autocomplete="off"
            spellcheck="false"
            value=${form.badge}
            onInput=${set("badge")}
            onKeyDown=${(event) => event.key === "Enter" && event.preventDefault()}
            placeholder=${has("badge") ? "••••••" : ""}
            error=${problem?.field?.("badge")}
            hint=${has("badge") ? t("people.keep_hint") : t("people.badge_hint")}
            data-testid="person-badge"
          />
          ${has("badge") && html`<span style=${{ marginTop: "27px" }}>${removeButton("badge")}</span>`}
        </div>
      </div>
      <div class="group">
        <b>${t("people.in_office")}</b>
        <${Field}
          label=${t("sign_in.login")}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          value=${form.login}
          onInput=${set("login")}
          error=${problem?.field?.("login")}
          data-testid="person-login"
        />
        <${NewPassword}
          value=${form.password}
          onInput=${set("password")}
          label=${has("password") ? t("people.new_password") : t("password.label")}
          placeholder=${has("password") ? "••••••••" : ""}
          error=${
            problem?.field?.("password") ?? (form.password && !form.login.trim() ? t("people.login_needed") : undefined)
          }
          data-testid="person-password"
        />
      </div>
      <fieldset class="group">
        <legend class="visually-hidden">${t("people.languages")}</legend>
        <b>${t("people.languages")}</b>
        <div class="languages">
          ${Object.entries(LANGUAGES).map(
            ([code, name]) =>
              html`<label class="tick" key=${code} lang=${code}>
                <input
                  type="checkbox"
                  checked=${form.languages.includes(code)}
                  onChange=${() => set("languages")(toggled(form.languages, code))}
                />
                ${name}
              </label>`,
          )}
        </div>
      </fieldset>
      <button type="submit" class="visually-hidden" tabindex="-1">${t("action.save")}</button>
    </form>
    <${Dialog}
      open=${asking}
      onClose=${() => setAsking(false)}
      title=${t("people.deactivate_title", { name: form.name })}
      actions=${html`
        <${Button} onClick=${() => setAsking(false)}>${t("action.back")}<//>
        <${Button}
          kind="danger"
          busy=${activate.busy}
          data-testid="person-deactivate"
          onClick=${() => activate.go(false)}
        >
          ${t("people.deactivate")}
        <//>
      `}
    >
      <p class="muted">${t("people.deactivate_text")}</p>
    <//>
  <//>`;
}
