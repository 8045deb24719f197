// /: what needs this person now, each figure leading to what makes it; then the way to every page of theirs.
import { html } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { me } from "/js/lib/session.js";
import { meaning, standingTerms } from "/js/lib/terms.js";
import { Empty } from "/js/components/feedback.js";
import { groupName, nameOf, usable } from "/js/shell/groups.js";
import { OfficeShell } from "/js/shell/shell.js";
import { sources, waiting } from "/js/shell/waiting.js";

const STANDINGS = ["late", "at_risk"];

function Tile({ source, count }) {
  return html`<a
    class="figure ${count ? source.tone : ""}"
    href=${source.href}
    title=${STANDINGS.includes(source.id) ? meaning(source.id) : undefined}
    data-testid="waiting-${source.id}"
    data-count=${count}
  >
    <span>${icon(source.icon)}${t(`waiting.${source.id}`)}</span>
    <b>${count > 99 ? "99+" : number(count)}</b>
  </a>`;
}

function Waiting() {
  const known = sources().filter((source) => waiting.value[source.id] !== undefined);
  const now = known.filter((source) => waiting.value[source.id] > 0);
  if (!known.length) return html`<div class="figures"><span class="skeleton home-loading"></span></div>`;
  if (!now.length) {
    return html`<div class="card"><${Empty} icon="check" title=${t("home.calm")} text=${t("home.calm_text")} /></div>`;
  }
  return html`<div class="figures">
    ${now.map((source) => html`<${Tile} key=${source.id} source=${source} count=${waiting.value[source.id]} />`)}
  </div>`;
}

function Group({ group }) {
  return html`<section class="card home-group">
    <h2>${groupName(group)}</h2>
    ${group.pages.map((page) => html`<a key=${page.id} href=${page.path}>${icon(page.icon)}${nameOf(page)}</a>`)}
  </section>`;
}

export default function Home() {
  return html`<${OfficeShell} title=${t("home.hello", { name: local(me.value?.name) })} terms=${standingTerms()}>
    ${sources().length > 0 && html`<section class="stack"><h2>${t("home.now")}</h2><${Waiting} /></section>`}
    <nav class="home-groups" aria-label=${t("home.pages")}>
      ${usable().map((group) => html`<${Group} key=${group.id} group=${group} />`)}
    </nav>
  <//>`;
}
