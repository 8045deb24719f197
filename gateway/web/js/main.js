// The start: texts, site, who is signed in; then the screen of the address.
import { effect, html, render, useEffect, useState } from "/js/lib/html.js";
import { get, NoAnswer } from "/js/lib/api.js";
import { ignoreBounces } from "/js/lib/debounce.js";
import { cacheValue, cachedValue } from "/js/floor/cache.js";
import { startSending } from "/js/floor/sender.js";
import { zone } from "/js/lib/format.js";
import { startTexts, t } from "/js/lib/i18n.js";
import { match, navigate, path, query } from "/js/lib/router.js";
import { home, loadMe, me, restoreTokens, site } from "/js/lib/session.js";
import { preferred } from "/js/lib/theme.js";
import { startUpdates } from "/js/lib/update.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Button } from "/js/components/button.js";
import { Toasts } from "/js/components/toast.js";

/** Where to go instead of this address, or null. */
function redirect(route) {
  if (site.value?.needs_setup && !me.value && path.value === "/") return "/setup";
  if (path.value === "/") return me.value ? home() : "/sign-in";
  if (route && !route.open && me.value === null)
    return `/sign-in?next=${encodeURIComponent(path.value + location.hash)}`;
  return null;
}

function Screen() {
  const [shown, setShown] = useState({ view: null, address: null, error: null });
  const address = path.value;
  const route = match(address);
  const elsewhere = me.value === undefined ? null : redirect(route);
  useEffect(() => {
    if (elsewhere) navigate(elsewhere, { replace: true });
  }, [elsewhere]);
  useEffect(() => {
    let current = true;
    if (!route || elsewhere) return undefined;
    route.load().then(
      (module) => current && setShown({ view: module.default, address, error: null }),
      (error) => current && setShown({ view: null, address, error }),
    );
    return () => (current = false);
  }, [address, elsewhere]);
  if (elsewhere || me.value === undefined) return null;
  if (!route)
    return html`<${Empty} icon="search" title=${t("page.unknown")}>
      <${Button} href="/" kind="primary">${t("page.home")}<//>
    <//>`;
  if (shown.address !== address) return null;
  if (shown.error) return html`<${Problem} error=${shown.error} retry=${() => location.reload()} />`;
  return html`<${shown.view} key=${address} params=${route.params} query=${query.value} />`;
}

function App() {
  return html`<${Screen} /><${Toasts} />`;
}

/** Asks until the server answers; a tablet may wake before the shop's server does. */
async function insist(read, waiting) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await read();
    } catch (error) {
      if (error.status === 401) return null;
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
  const root = document.getElementById("app");
  await Promise.all([startTexts(), restoreTokens()]);
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
