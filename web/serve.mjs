// Serves this folder, to this machine, with the headers that shared memory needs: node serve.mjs [PORT]. Also what the
// tests use.

import { open, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { fileURLToPath } from "node:url";

const TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
};
const ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
};
const PRIVATE = { "Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff" };
/** Names under which this machine is asked by itself; a page that rebinds its own name (DNS rebinding) asks with that. */
const HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const LONGEST = 2048;
const HERE = dirname(fileURLToPath(import.meta.url));
/** The studio as it was built. */
const STUDIO = { "/studio/": join(HERE, "studio/dist") };

/** What is answered instead of a file. */
class Refusal extends Error {
    constructor(status, message, headers = {}) {
        super(message);
        Object.assign(this, { status, headers });
    }
}

/** The names in the path of a request target; none of them can lead anywhere else. */
function names(target) {
    if (!target.startsWith("/")) throw new Refusal(400, "expected a path");
    if (target.length > LONGEST) throw new Refusal(414, "the path is too long");
    const parts = target.split(/[?#]/, 1)[0].slice(1).split("/");
    return parts.map((part, index) => {
        let name;
        try {
            name = decodeURIComponent(part);
        } catch {
            throw new Refusal(400, "the path is not encoded as it should be");
        }
        if (/[/\\\0]/.test(name)) throw new Refusal(400, "the path holds a separator or NUL in a name");
        if (name === "" && index === parts.length - 1) return "index.html";
        if (name === "" || name.startsWith(".")) throw new Refusal(404, "not found");
        return name;
    });
}

/** The open file below `root`, links resolved; nothing if there is none or a link leads out. */
async function find(root, path) {
    try {
        const [base, file] = await Promise.all([realpath(root), realpath(join(root, ...path))]);
        if (!file.startsWith(base + sep)) return undefined;
        // opening a pipe would wait
        if ((await stat(file)).isFile()) return { file, handle: await open(file) };
    } catch {
        // a name that does not exist, is too long or may not be read
    }
    return undefined;
}

async function answer(request, response, { headers, mounts }) {
    const { port } = request.socket.address();
    const hosts = HOSTS.flatMap((host) => (port === 80 ? [host, `${host}:80`] : [`${host}:${port}`]));
    const given = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
    if (given.length !== 1 || !hosts.includes(request.headers.host.toLowerCase())) {
        throw new Refusal(421, "this server answers to localhost");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
        throw new Refusal(405, "only GET and HEAD", { Allow: "GET, HEAD" });
    }
    if (request.url === "/") throw new Refusal(302, "", { Location: "/studio/" });
    const path = names(request.url);
    const mount = Object.keys(mounts).find((prefix) => `/${path.join("/")}`.startsWith(prefix));
    const found = mount
        ? await find(mounts[mount], path.slice(mount.split("/").length - 2))
        : await find(HERE, path);
    if (!found) throw new Refusal(404, "not found");
    response.writeHead(200, {
        "Content-Type": TYPES[extname(found.file)] ?? "application/octet-stream",
        "Cache-Control": "no-store",
        ...headers,
    });
    if (request.method === "HEAD") {
        await found.handle.close();
        response.end();
        return;
    }
    // whoever goes away in the middle ends this answer and nothing else
    pipeline(found.handle.createReadStream(), response, () => {});
}

/**
 * Serve this folder on localhost. `isolated: false` leaves out the headers for shared memory; `mounts` adds folders under
 * a prefix (`{"/golden/": folder}`), and `headers` more headers or others. `/studio/` is the first page. Resolves to the server.
 */
export function serve({ port = 0, isolated = true, mounts = {}, headers: more = {} } = {}) {
    const headers = { ...PRIVATE, ...(isolated ? ISOLATION : {}), ...more };
    mounts = { ...STUDIO, ...mounts };
    const server = createServer((request, response) => {
        answer(request, response, { headers, mounts }).catch((error) => {
            if (response.headersSent) return response.destroy();
            const { status, message, headers: more } = error instanceof Refusal ? error : new Refusal(500, "failed");
            response.writeHead(status, { "Content-Type": "text/plain", ...headers, ...more }).end(message);
        });
    });
    server.on("clientError", (error, socket) => {
        const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
        if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
        else socket.destroy();
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => resolve(server));
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const mounts = { "/examples/": join(HERE, "../examples") };
    const server = await serve({ port: Number(process.argv[2] ?? 8080), mounts });
    console.log(`http://localhost:${server.address().port}/studio/`);
}
