// The start: texts, site, who is signed in; then the page of the address.
import { effect, html, render, useEffect, useState } from "/js/lib/html.js";
import { ApiProblem, get, NoAnswer } from "/js/lib/api.js";
import { ignoreBounces } from "/js/lib/debounce.js";
import { cacheValue, cachedValue } from "/js/floor/cache.js";
import { useTablet } from "/js/floor/leaving.js";
import { startSending } from "/js/floor/sender.js";
import { zone } from "/js/lib/format.js";
import { loadTexts, local, startTexts, t, textOf } from "/js/lib/i18n.js";
import { find, navigate, page, path, query, startPages } from "/js/lib/router.js";
import { home, loadMe, mayUse, me, restoreTokens, site } from "/js/lib/session.js";
import { loadStyle } from "/js/lib/style.js";
import { preferred } from "/js/lib/theme.js";
import { pageName } from "/js/lib/title.js";
import { startUpdates } from "/js/lib/update.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Button } from "/js/components/button.js";
import { Toasts } from "/js/components/toast.js";

/**
 * Where to go instead of this page, or null.
 * @param {Page | undefined} page
 */
function redirect(page) {
  if (path.value === "/") {
    if (!me.value) return site.value?.needs_setup ? "/setup" : "/sign-in";
    return home() === "/" ? null : home();
  }
  if (page?.id === "station" && me.value && !mayUse(page)) return "/"; // it has no frame that says whose it is
  if (!page || page.open || me.value) return null;
  return `/sign-in?next=${encodeURIComponent(path.value + location.hash)}`;
}

/**
 * A page with all that it needs before it is shown: {page, params, view}; {elsewhere} where another one is meant.
 * @param {string} address
 * @returns {Promise<Destination>}
 */
async function open(address) {
  const found = await find(address, location.hash);
  const elsewhere = redirect(found?.page);
  if (elsewhere || !found) return { elsewhere };
  const { folder, styles } = found.page;
  const ready = [import(`${folder}/index.js`), loadTexts(folder), ...styles.map(loadStyle)];
  const [module] = await Promise.all(ready);
  return { ...found, view: module.default };
}

/** The page of the address, once it is there. */
function useAddress() {
  const [shown, setShown] = useState(/** @type {ShownPage} */ ({ address: null }));
  const address = path.value;
  const known = Boolean(me.value);
  useEffect(() => {
    let current = true;
    open(address).then(
      (next) => {
        if (!current) return;
        if (next.elsewhere) navigate(next.elsewhere, { replace: true });
        else {
          page.value = next.page ?? null;
          setShown({ ...next, address });
        }
      },
      (error) => current && setShown({ address, error }),
    );
    return () => {
      current = false;
    };
  }, [address, known]);
  return shown.address === address ? shown : null;
}

/** @param {ShownPage | null} shown */
function useTitle(shown) {
  const name = shown?.page ? textOf(shown.page.title) : "";
  const which = Object.values(shown?.params ?? {}).filter(Boolean);
  const title = [...which, name, local(site.value?.name) || "Dure"].filter(Boolean).join(" · ");
  useEffect(() => {
    pageName.value = title;
  }, [title]);
}

function Shown() {
  const shown = useAddress();
  useTitle(shown);
  if (!shown) return null;
  if (shown.error) return html`<${Problem} error=${shown.error} retry=${() => location.reload()} />`;
  if (!shown.page) {
    return html`<${Empty} icon="search" title=${t("page.unknown")}>
      <${Button} href="/" kind="primary">${t("page.home")}<//>
    <//>`;
  }
  // its style sheets reach no further than this element
  return html`<div class="page page-${shown.page.id}" key=${shown.address}>
    <${shown.view} params=${shown.params} query=${query.value} />
  </div>`;
}

function App() {
  useTablet();
  return html`<${Shown} /><${Toasts} />`;
}

/**
 * Asks until the server answers; a tablet may wake before the shop's server does.
 * @template T
 * @param {() => Promise<T>} read
 * @param {() => void} waiting
 */
async function insist(read, waiting) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      waiting();
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

/** What the server says of this shop; what it said last when it does not answer. */
async function readSite() {
  const last = await cachedValue("site");
  try {
    const about = await get("/site", {}, { bearer: null, ...(last ? { signal: AbortSignal.timeout(4000) } : {}) });
    cacheValue("site", about).catch(() => {}); // without it the tablet only needs the network to start
    return about;
  } catch (error) {
    if (last && error instanceof NoAnswer) return last;
    throw error;
  }
}

async function start() {
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  await Promise.all([startTexts(), startPages(), restoreTokens()]);
  const waiting = () =>
    render(html`<${Empty} icon="wifi_off" title=${t("page.no_server")} text=${t("page.no_server_text")} />`, root);
  const [about] = await Promise.all([insist(readSite, waiting), insist(loadMe, waiting)]);
  site.value = about;
  if (about?.timezone) zone.value = about.timezone;
  startSending();
  render(html`<${App} />`, root);
}

effect(() => {
  if (!path.value.startsWith("/board")) preferred.value = null;
});

ignoreBounces();
startUpdates();
start();
