// Keeps the app's own files, so that a tablet starts without a network. Never the API, never a page's data.
//
// The server fills in the marks below when it serves this file (gateway/web/assets.py). A changed file changes BUILD, so the browser sees a new worker, which
// fetches anew what a tablet needs (FIRST) into a cache of its own name and drops the older ones: no page ever mixes two builds' files for longer than one visit.
// The office's screens join them when they are first opened.
const BUILD = "@BUILD@";
const FILES = "@FILES@".split(" ");
const FIRST = "@FIRST@".split(" ");
const CACHE = `dure-${BUILD}`;

self.addEventListener("install", (event) => {
  const fresh = FIRST.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const older = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("dure-") && name !== CACHE).map((name) => caches.delete(name))));
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
    // A page: the server's answer when there is one, so that a new build is seen at once; else the kept shell.
    if (!url.pathname.startsWith("/api/")) event.respondWith(fetch(event.request).catch(() => caches.match("/index.html", { cacheName: CACHE })));
    return;
  }
  if (FILES.includes(url.pathname)) event.respondWith(keptOrFetched(event.request, url.pathname));
});
