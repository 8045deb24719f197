// Stores the app's own files, so that a tablet starts without a network. Never the API, never a page's data.
//
// The server fills in the marks below when it sends this file (gateway/pages/adapters.py). A changed file changes
// BUILD, so the browser sees a new worker, which fetches anew what a tablet needs (FIRST) into a cache of its own name
// and waits. A page tells it when to take over (js/lib/update.js); then it drops the older caches. At a first visit the
// other languages, the board and the camera's decoder (LATER) follow when the first page is there. The office's pages
// join when they are first opened.
const BUILD = "@BUILD@";
const FIRST = "@FIRST@".split(" ");
const LATER = "@LATER@".split(" ");
// What is no page of the app: the API and its descriptions, and the app's own files.
const SERVER = /^\/(?:api|docs|health|metrics|openapi\.json|asyncapi\.json)(?:\/|$)/;
const FILE = /^\/(?:(?:css|icons|js|pages|texts|vendor)\/.+|index\.html|manifest\.webmanifest)$/;
const CACHE = `dure-${BUILD}`;

const fresh = (paths) => paths.map((path) => new Request(path, { cache: "reload" }));

self.addEventListener("install", (event) => {
  const needed = self.registration.active ? [...FIRST, ...LATER] : FIRST;
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh(needed))));
});

async function storeRest() {
  const cache = await caches.open(CACHE);
  const stored = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll(fresh(LATER.filter((path) => !stored.has(path))));
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data === "take this page") event.waitUntil(self.clients.claim());
  // asked for again at the next start
  if (event.data === "store the rest") event.waitUntil(storeRest().catch(() => {}));
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

async function storedOrFetched(request, path) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(path);
  if (stored) return stored;
  const response = await fetch(request);
  if (response.ok) await cache.put(path, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    // A page: the stored shell, so that it is there at once whatever the network does, and of the same build as its
    // scripts.
    if (!SERVER.test(url.pathname) && !FILE.test(url.pathname))
      event.respondWith(
        caches.match("/index.html", { cacheName: CACHE }).then((stored) => stored ?? fetch(event.request)),
      );
    return;
  }
  if (FILE.test(url.pathname)) event.respondWith(storedOrFetched(event.request, url.pathname));
});
