// Shows a page that says so when there is no connection. It caches that page and its styles, and nothing a person sees.
const CACHE = "offline-{{ version }}";
const CACHED = {{ cached|safe }};
// The page of each language by the beginning of its addresses, the longest first.
const PAGES = {{ pages|safe }};

self.addEventListener("install", (event) => {
  // Without cookies: what is cached is what an anonymous visitor gets.
  const requests = CACHED.map((url) => new Request(url, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  })());
});

const cached = async (path) => (await caches.open(CACHE)).match(path, { ignoreVary: true });

async function page(event, path) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return cached(PAGES.find(([beginning]) => path.startsWith(beginning))[1]);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(page(event, pathname));
  else if (origin === self.location.origin && CACHED.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => cached(pathname)));
  }
});
