// Findings of one kind together: what is wrong, why it matters, and each place where it is mended.
import { html, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";

const FIRST = 6;
const MORE = 100;

/** Findings by code, those with errors first, then those with the most: {code, severity, title, text, findings}. */
export function groupsOf(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const key = `finding.${finding.code}`;
    const title = t(`finding.${finding.code}`);
    // A kind that these texts do not know yet is still told, in the server's words.
    if (!groups.has(finding.code))
      groups.set(finding.code, {
        code: finding.code,
        severity: "warning",
        title: title === key ? finding.message : title,
        text: title === key ? "" : t(`finding_text.${finding.code}`),
        findings: [],
      });
    const group = groups.get(finding.code);
    group.findings.push(finding);
    if (finding.severity === "error") group.severity = "error";
  }
  return [...groups.values()].sort((a, b) =>
    a.severity === b.severity ? b.findings.length - a.findings.length : a.severity === "error" ? -1 : 1,
  );
}

function Finding({ finding }) {
  return html`<li>
    <a class="finding" href=${finding.page} data-testid="finding" data-code=${finding.code} data-key=${finding.key}>
      <b class="finding-key">${finding.key}</b>
      <span class="grow">${finding.message}</span>
      <span class="finding-go">
        ${may("planner", "quality") ? t("readiness.mend") : t("readiness.see")}${icon("next")}
      </span>
    </a>
    ${
      finding.also.length > 0 &&
      html`<p class="finding-also">
        <span class="muted">${t("readiness.also")}</span>
        ${finding.also.map(
          (place) =>
            html`<a key=${place.key} class="button small" href=${place.page} data-testid="finding-also">
              ${place.key} BOM
            </a>`,
        )}
      </p>`
    }
  </li>`;
}

export function FindingGroup({ group }) {
  const [most, setMost] = useState(FIRST);
  const left = group.findings.length - most;
  const tone = group.severity === "error" ? "stop" : "warn";
  return html`<section class="card findings" data-testid="findings-${group.code}">
    <header class="findings-head ${tone}">
      ${icon(group.severity === "error" ? "warning" : "flag", {
        label: group.severity === "error" ? t("readiness.error") : t("readiness.warning"),
      })}
      <span class="grow"><h2>${group.title}</h2>${group.text && html`<p>${group.text}</p>`}</span>
      <b class="findings-count">${number(group.findings.length)}</b>
    </header>
    <ul>
      ${group.findings
        .slice(0, most)
        .map(
          (finding) => html`<${Finding} key="${finding.key}${finding.field}${finding.message}" finding=${finding} />`,
        )}
    </ul>
    ${
      left > 0 &&
      html`<div class="list-more">
        <${Button} kind="quiet" onClick=${() => setMost(most + MORE)}>
          ${t("readiness.more", { n: number(Math.min(left, MORE)) })}
        <//>
      </div>`
    }
  </section>`;
}
