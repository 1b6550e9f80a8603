// How the studio is built: static files in dist/, for any folder of any server.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentPolicy, serviceWorker } from "./offline";

const isolation = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
};
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
    base: "./",
    plugins: [contentPolicy(), serviceWorker(at("service_worker.js"))],
    resolve: {
        alias: [
            { find: /^realtime-backend$/, replacement: at("../dist/index.js") },
            { find: /^realtime-backend\/(worker|worklet)/, replacement: at("../dist/$1.js") },
        ],
    },
    build: {
        rollupOptions: { input: { studio: at("index.html"), embed: at("embed.html") } },
        target: "es2022",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 1000,
    },
    worker: { format: "es" },
    esbuild: { jsx: "automatic", jsxImportSource: "preact" },
    server: { headers: isolation, fs: { allow: [at("..")] } },
    preview: { headers: isolation },
});
