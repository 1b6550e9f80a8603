// Keeps the page for use without a network. The build writes the list of files, with their hashes, in place of FILES.

const FILES = /* FILES */ [];
const VERSION = /* VERSION */ "";
const CACHE = `studio-${VERSION}`;
// shared memory for the engine, and no more powers for the page than a server would give
const HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
};

/** Keep every file, fetched anew: the browser's own cache may hold old ones. */
async function fill() {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((name) => new Request(new URL(name, self.registration.scope), { cache: "reload" })));
}

async function clear() {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("studio-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
}

async function answer(request) {
    const scope = self.registration.scope;
    const address = new URL(request.url);
    const isPage = request.mode === "navigate" && [scope, `${scope}index.html`].includes(address.origin + address.pathname);
    const cache = await caches.open(CACHE);
    const kept = await cache.match(isPage ? new URL("index.html", scope) : request, { ignoreSearch: request.mode === "navigate" });
    if (!kept) return fetch(request);
    const headers = new Headers(kept.headers);
    for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
    return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clear()));
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
    event.respondWith(answer(request));
});
