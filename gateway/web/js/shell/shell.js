// The office's frame around a page: the navigation, the page's heading with its actions and its help.
import { html, useEffect } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { local, t, textOf } from "/js/lib/i18n.js";
import { loadPages, page } from "/js/lib/router.js";
import { mayUse, site } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Empty } from "/js/components/feedback.js";
import { Popover } from "/js/components/popover.js";
import { CallBanner } from "/js/shell/call-banner.js";
import { Navigation } from "/js/shell/navigation.js";
import { SearchDialog } from "/js/shell/search.js";
import { useWaiting } from "/js/shell/waiting.js";

/**
 * What a page is for, how it is used, and what its words mean.
 * @param {{ one: Page, terms: Term[] }} props
 */
function Help({ one, terms }) {
  return html`<${Popover}
    class="button quiet icon-only help-open"
    panel="help"
    button=${icon("help")}
    aria-label=${t("help.open")}
    title=${t("help.open")}
    data-testid="help-open"
  >
    ${() =>
      html`
        <h2>${textOf(one.title)}</h2>
        <p>${textOf(`help.${one.id}`)}</p>
        ${
          terms.length > 0 &&
          html`<dl>${terms.map(({ word, means }) => html`<dt key=${word}>${word}</dt><dd>${means}</dd>`)}</dl>`
        }
      `}
  <//>`;
}

function NotYours() {
  return html`<${Empty} icon="key" title=${t("page.not_yours")} text=${t("page.not_yours_text")}>
    <${Button} href="/" kind="primary">${t("page.home")}<//>
  <//>`;
}

/**
 * `<OfficeShell title=${t("orders.title")} actions=${buttons}>…</>`: the page's heading, its actions on the right, then
 * its content. A child with class `fill` takes the height that is left. Who may not use the page is told so. `terms`:
 * the words of the page that are explained in its help.
 * @param {{ title: View, actions?: View, terms?: Term[], children?: View }} props
 */
export function OfficeShell({ title, actions, terms = [], children }) {
  useEffect(() => {
    loadPages().catch(() => {}); // a tablet without a network: the page is there, the way to others is not
  }, []);
  useWaiting();
  const one = page.value;
  return html`<div class="office">
    <${Navigation} shop=${local(site.value?.name)} />
    <main class="office-main">
      <${CallBanner} />
      ${
        one && mayUse(one)
          ? html`
              <header class="office-head"><h1>${title}</h1>${actions}<${Help} one=${one} terms=${terms} /></header>
              ${children}
            `
          : html`<${NotYours} />`
      }
    </main>
    <${SearchDialog} />
  </div>`;
}
