// The forms that the shop's codes shall have, one rule for each kind of entry.
import { html, useState } from "/js/lib/html.js";
import { del, get, put } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Chip } from "/js/components/chip.js";
import { Field } from "/js/components/field.js";
import { problemText } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";

/** As the service names the kinds. */
const KINDS = ["items", "work_centers", "machines", "tools", "reasons", "instructions"];
const path = (kind) => `/orders/readiness/code-rules/${kind}`;

function Rule({ kind, rule, onChanged, disabled }) {
  const present = rule?.rule ?? "";
  const [typed, setTyped] = useState(null); // until somebody types, what the server has
  const text = typed ?? present;
  const save = useAction(() => (text.trim() ? put(path(kind), { rule: text.trim() }) : del(path(kind))), {
    done: () => {
      toast(t("code_rules.saved"));
      onChanged();
    },
    failed: () => {},
  });
  const isChanged = text.trim() !== present;
  const submit = (event) => {
    event.preventDefault();
    if (isChanged) save.go();
  };
  return html`<form class="code-rule" onSubmit=${submit}>
    <${Field}
      label=${t(`code_kind.${kind}`)}
      value=${text}
      onInput=${setTyped}
      placeholder=${t("code_rules.any")}
      disabled=${disabled}
      spellcheck="false"
      autocomplete="off"
      maxlength="100"
      error=${save.problem && (save.problem.field?.("rule") ?? problemText(save.problem))}
      data-testid="rule-${kind}"
    />
    ${
      isChanged
        ? html`<${Button}
            kind="primary"
            size="small"
            busy=${save.busy}
            data-testid="rule-save-${kind}"
            onClick=${submit}
          >
            ${t("action.save")}
          <//>`
        : rule &&
          html`<${Chip} tone=${rule.off_rule > 0 ? "warn" : "run"} icon=${rule.off_rule > 0 ? "flag" : "check"}>
            ${
              rule.off_rule > 0
                ? t("code_rules.off", { n: number(rule.off_rule), all: number(rule.codes) })
                : t("code_rules.all_fit", { all: number(rule.codes) })
            }
          <//>`
    }
  </form>`;
}

export function CodeRules({ onChanged }) {
  const rules = useResource(() => get("/orders/readiness/code-rules"));
  const known = rules.data?.items ?? [];
  const kinds = [...KINDS, ...known.map((rule) => rule.kind).filter((kind) => !KINDS.includes(kind))];
  const changed = () => {
    rules.load();
    onChanged();
  };
  return html`<${Card} title=${t("code_rules.title")} class="code-rules" data-testid="code-rules">
    <p class="muted">${t("code_rules.text")}</p>
    <dl class="rule-signs">
      ${["@", "#", "?", "*", ","].map(
        (sign) =>
          html`<div key=${sign}>
            <dt><code>${sign}</code></dt>
            <dd>
              ${
                {
                  "@": t("code_rules.letter"),
                  "#": t("code_rules.digit"),
                  "?": t("code_rules.one"),
                  "*": t("code_rules.many"),
                  ",": t("code_rules.or"),
                }[sign]
              }
            </dd>
          </div>`,
      )}
    </dl>
    <div class="code-rule-list">
      ${kinds.map(
        (kind) =>
          html`<${Rule}
            key=${kind}
            kind=${kind}
            rule=${known.find((rule) => rule.kind === kind)}
            onChanged=${changed}
            disabled=${!may("planner") || !rules.data}
          />`,
      )}
    </div>
  <//>`;
}
