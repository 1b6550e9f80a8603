// Serves this folder with the headers that shared memory needs: node serve.mjs [PORT]. Also what the tests use.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
};
const ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
};
const HERE = dirname(fileURLToPath(import.meta.url));

/** Serve files on localhost; `isolated: false` leaves out the headers. `/demo/` is the first page. Resolves to the server. */
export function serve({ port = 0, isolated = true, roots = [HERE, join(HERE, "..")] } = {}) {
    const server = createServer(async (request, response) => {
        const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
        if (path === "/") return response.writeHead(302, { Location: "/demo/" }).end();
        for (const root of roots) {
            const file = join(root, path.endsWith("/") ? `${path}index.html` : path);
            if (!file.startsWith(root) || !(await stat(file).catch(() => null))?.isFile()) continue;
            response.writeHead(200, {
                "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
                "Cache-Control": "no-store",
                ...(isolated ? ISOLATION : {}),
            });
            return createReadStream(file).pipe(response);
        }
        response.writeHead(404, isolated ? ISOLATION : {}).end("not found");
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => resolve(server));
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const server = await serve({ port: Number(process.argv[2] ?? 8080) });
    console.log(`http://localhost:${server.address().port}/demo/`);
}
