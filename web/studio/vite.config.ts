// How the studio is built: static files in dist/, for any folder of any server.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentPolicy, licences, serviceWorker } from "./plugins.ts";

const isolation = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
};
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
    base: "./",
    plugins: [contentPolicy(), licences(), serviceWorker(at("service_worker.js"))],
    resolve: { alias: { "realtime-backend": at("../dist/index.js") } },
    build: {
        rollupOptions: { input: { studio: at("index.html"), embed: at("embed.html") } },
        target: "es2022",
        // `light-dark()` stays: the page around a frame sets its scheme
        cssTarget: ["chrome123", "firefox121", "safari17.5"],
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 1000,
    },
    worker: { format: "es" },
    server: { headers: isolation, fs: { allow: [at("..")] } },
    preview: { headers: isolation },
});
