// Keeps the app's own files, so that a tablet starts without a network. Never the API, never a page's data.
//
// The server fills in the marks below when it serves this file (gateway/web/assets.py). A changed file changes BUILD,
// so the browser sees a new worker, which
// fetches anew what a tablet needs (FIRST) into a cache of its own name and waits. A page tells it when to take over
// (js/lib/update.js); then it drops the older caches.
// At a first visit the other languages and the camera's decoder (LATER) follow when the first screen is there. The
// office's screens join when they are first opened.
const BUILD = "@BUILD@";
const FILES = "@FILES@".split(" ");
const FIRST = "@FIRST@".split(" ");
const LATER = "@LATER@".split(" ");
// biome-ignore lint/complexity: @PAGES@ is filled in when the worker is served, and may hold what a literal escapes.
const PAGES = new RegExp(String.raw`^(?:@PAGES@)$`);
const CACHE = `dure-${BUILD}`;

const fresh = (paths) => paths.map((path) => new Request(path, { cache: "reload" }));

self.addEventListener("install", (event) => {
  const wanted = self.registration.active ? [...FIRST, ...LATER] : FIRST;
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh(wanted))));
});

async function keepRest() {
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll(fresh(LATER.filter((path) => !kept.has(path))));
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data === "keep the rest") event.waitUntil(keepRest().catch(() => {})); // asked for again at the next start
});

self.addEventListener("activate", (event) => {
  const older = caches
    .keys()
    .then((names) =>
      Promise.all(
        names.filter((name) => name.startsWith("dure-") && name !== CACHE).map((name) => caches.delete(name)),
      ),
    );
  event.waitUntil(older.then(() => self.clients.claim()));
});

async function keptOrFetched(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(path, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    // A page: the kept shell, so that it is there at once whatever the network does, and of the same build as its
    // scripts.
    if (PAGES.test(url.pathname))
      event.respondWith(caches.match("/index.html", { cacheName: CACHE }).then((kept) => kept ?? fetch(event.request)));
    return;
  }
  if (FILES.includes(url.pathname)) event.respondWith(keptOrFetched(event.request, url.pathname));
});
