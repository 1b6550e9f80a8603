// Plugins of the build: the content policy in the page, the licences of what is in it, and the service worker with the list
// of what it keeps.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Plugin } from "vite";

/** Scripts and WebAssembly of this site, and nothing of any other. `blob:` is for files of the listener. */
const POLICY = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "connect-src 'self' data: blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
].join("; ");

export function contentPolicy(): Plugin {
    return {
        name: "content-policy",
        apply: "build",
        transformIndexHtml: () => [
            { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
        ],
    };
}

/** The words that the licence of a package asks to be kept. */
function licenceOf(folder: string): string {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
}

/** `licences.txt`: of every package that a script of the page has code of. */
export function licences(): Plugin {
    return {
        name: "licences",
        apply: "build",
        generateBundle(_, bundle) {
            const folders = new Set<string>();
            for (const chunk of Object.values(bundle)) {
                if (chunk.type !== "chunk") continue;
                for (const id of Object.keys(chunk.modules)) {
                    const folder = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0];
                    if (folder && existsSync(join(folder, "package.json"))) folders.add(folder);
                }
            }
            const source = [...folders].sort().map(licenceOf).join(`\n${"-".repeat(80)}\n\n`);
            this.emitFile({ type: "asset", fileName: "licences.txt", source });
        },
    };
}

function filesIn(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
}

export function serviceWorker(source: string): Plugin {
    let out = "";
    return {
        name: "service-worker",
        apply: "build",
        configResolved: (config) => void (out = resolve(config.root, config.build.outDir)),
        closeBundle() {
            const names = filesIn(out).map((path) => relative(out, path).split(sep).join("/"));
            const kept = names.filter((name) => name !== "service_worker.js").sort();
            const hash = createHash("sha256");
            for (const name of kept) hash.update(name).update(readFileSync(join(out, name)));
            const text = readFileSync(source, "utf8")
                .replace("/* FILES */ []", JSON.stringify(["./", ...kept]))
                .replace('/* VERSION */ ""', JSON.stringify(hash.digest("hex").slice(0, 16)));
            writeFileSync(join(out, "service_worker.js"), text);
        },
    };
}
