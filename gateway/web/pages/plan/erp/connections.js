// How the ERP is connected: webhooks that get confirmations, and keys with which it asks.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all, get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { day } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Empty, Notice, Problem, problemText, Skeleton } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Secret } from "/js/components/secret.js";
import { Dialog } from "/js/components/sheet.js";
import { toast, toastProblem } from "/js/components/toast.js";

/** One field, then a secret that is shown this once. */
function CreateDialog({ open, onClose, title, label, hint, field, create, secretOf, secretText, onCreated }) {
  const [value, setValue] = useState("");
  const [made, setMade] = useState(null);
  const save = useAction((key) => create(value.trim(), key), {
    done: (answer) => {
      setMade(answer);
      onCreated();
    },
    failed: () => {},
  });
  useEffect(() => {
    setValue("");
    setMade(null);
    save.forget();
  }, [open]);
  const submit = (event) => {
    event.preventDefault();
    if (value.trim()) save.go();
  };
  const actions = made
    ? html`<${Button} kind="primary" onClick=${onClose}>${t("erp.kept")}<//>`
    : html`
        <${Button} onClick=${onClose}>${t("action.cancel")}<//>
        <${Button}
          kind="primary"
          busy=${save.busy}
          disabled=${!value.trim()}
          data-testid="connection-save"
          onClick=${submit}
        >
          ${t("erp.create")}
        <//>
      `;
  return html`<${Dialog} open=${open} onClose=${made ? () => {} : onClose} title=${title} actions=${actions}>
    ${
      made
        ? html`
            <${Notice} tone="warn" icon="key" title=${t("erp.once")}>${secretText}<//>
            <${Secret} value=${secretOf(made)} data-testid="secret" />
          `
        : html`<form class="form" onSubmit=${submit}>
            ${
              save.problem &&
              !save.problem.field?.(field) &&
              html`<${Notice} tone="stop" title=${problemText(save.problem)} />`
            }
            <${Field}
              label=${label}
              hint=${hint}
              value=${value}
              onInput=${setValue}
              error=${save.problem?.field?.(field)}
              spellcheck="false"
              autofocus
              data-testid="connection-${field}"
            />
          </form>`
    }
  <//>`;
}

function Connection({ title, note, remove, onRemove, busy }) {
  return html`<div class="connection">
    <b>${title}</b>
    ${
      may("admin") &&
      html`<${Button} size="small" kind="quiet" class="tone-stop" busy=${busy} onClick=${onRemove}>${remove}<//>`
    }
    <small>${note}</small>
  </div>`;
}

function List({ source, children, none }) {
  if (source.error && !source.data) return html`<${Problem} error=${source.error} retry=${source.load} />`;
  if (!source.data) return html`<${Skeleton} rows="2" height="44" />`;
  return source.data.length ? children : html`<p class="muted">${none}</p>`;
}

/** Asks before something that stops working at once. */
function useRemoval(path, done) {
  const [asked, setAsked] = useState(null);
  const act = useAction((key, one) => post(path(one), {}, { key }), {
    done: (_, one) => {
      setAsked(null);
      done(one);
    },
    failed: (problem) => {
      setAsked(null);
      toastProblem(problem);
    },
  });
  return { asked, ask: setAsked, act };
}

function Removal({ removal, title, text, confirm }) {
  return html`<${Dialog}
    open=${removal.asked !== null}
    onClose=${() => removal.ask(null)}
    title=${title}
    actions=${html`
      <${Button} onClick=${() => removal.ask(null)}>${t("action.back")}<//>
      <${Button}
        kind="danger"
        busy=${removal.act.busy}
        data-testid="removal-confirm"
        onClick=${() => removal.act.go(removal.asked)}
      >
        ${confirm}
      <//>
    `}
  >
    <p class="muted">${text}</p>
  <//>`;
}

function Webhooks({ onChanged }) {
  const hooks = useResource(async () => (await get("/erp/webhooks")).items);
  const [adding, setAdding] = useState(false);
  const removal = useRemoval(
    (hook) => `/erp/webhooks/${hook.id}/remove`,
    () => {
      toast(t("erp.hook_removed"));
      hooks.load();
      onChanged();
    },
  );
  const note = (hook) =>
    [
      t("erp.since", { day: day(hook.created_at) }),
      hook.delivered > 0 && t("erp.delivered_n", { n: hook.delivered }),
      hook.failures > 0 && t("erp.failures_n", { n: hook.failures }),
    ]
      .filter(Boolean)
      .join(" · ");
  return html`<${Card}
    title=${t("erp.webhooks")}
    actions=${
      may("admin") &&
      html`<${Button} size="small" icon="plus" data-testid="webhook-add" onClick=${() => setAdding(true)}>
        ${t("erp.add_hook")}
      <//>`
    }
  >
    <p class="muted">${t("erp.webhooks_text")}</p>
    <${List} source=${hooks} none=${t("erp.no_hooks")}>
      ${hooks.data?.map(
        (hook) =>
          html`<${Connection}
            key=${hook.id}
            title=${hook.url}
            note=${note(hook)}
            remove=${t("erp.remove")}
            onRemove=${() => removal.ask(hook)}
          />`,
      )}
    <//>
    <${CreateDialog}
      open=${adding}
      onClose=${() => setAdding(false)}
      title=${t("erp.add_hook")}
      label=${t("erp.url")}
      hint="https://…"
      field="url"
      secretOf=${(hook) => hook.secret}
      secretText=${t("erp.secret_text")}
      create=${(url, key) => post("/erp/webhooks", { url, events: ["confirmation"] }, { key })}
      onCreated=${hooks.load}
    />
    <${Removal}
      removal=${removal}
      title=${t("erp.remove_title")}
      text=${t("erp.remove_text")}
      confirm=${t("erp.remove")}
    />
  <//>`;
}

function Keys() {
  const keys = useResource(async () => (await all("/api-keys")).filter((key) => !key.revoked_at));
  const [adding, setAdding] = useState(false);
  const removal = useRemoval(
    (key) => `/api-keys/${key.id}/revoke`,
    () => {
      toast(t("erp.key_revoked"));
      keys.load();
    },
  );
  return html`<${Card}
    title=${t("erp.keys")}
    actions=${html`<${Button} size="small" icon="plus" data-testid="key-add" onClick=${() => setAdding(true)}>
      ${t("erp.add_key")}
    <//>`}
  >
    <p class="muted">${t("erp.keys_text")}</p>
    <${List} source=${keys} none=${t("erp.no_keys")}>
      ${keys.data?.map(
        (key) =>
          html`<${Connection}
            key=${key.id}
            title=${key.name}
            note=${t("erp.since", { day: day(key.created_at) })}
            remove=${t("devices.revoke")}
            onRemove=${() => removal.ask(key)}
          />`,
      )}
    <//>
    <${CreateDialog}
      open=${adding}
      onClose=${() => setAdding(false)}
      title=${t("erp.add_key")}
      label=${t("erp.key_name")}
      hint=${t("erp.key_hint")}
      field="name"
      secretOf=${(made) => made.key}
      secretText=${t("erp.key_secret_text")}
      create=${(name, key) => post("/api-keys", { name, roles: ["erp"] }, { key })}
      onCreated=${keys.load}
    />
    <${Removal}
      removal=${removal}
      title=${t("erp.revoke_key_title", { name: removal.asked?.name })}
      text=${t("erp.revoke_key_text")}
      confirm=${t("devices.revoke")}
    />
  <//>`;
}

export function Connections({ onChanged }) {
  if (!may("planner")) return html`<div class="card"><${Empty} icon="key" title=${t("erp.admins_only")} /></div>`;
  return html`<div class="connections">
    <${Webhooks} onChanged=${onChanged} />
    ${may("admin") && html`<${Keys} />`}
  </div>`;
}
