// node bench/size.mjs: what the parts of the package weigh, as they are and compressed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { ROOT } from "../tests/reference.mjs";

/** Bytes of a part: as it is, and with gzip. */
export function sizes(part) {
    const bytes = readFileSync(join(ROOT, "web", part));
    return { bytes, plain: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const kB = (size) => `${(size / 1000).toFixed(0)} kB`;
    for (const part of ["engine/engine_bg.wasm", "engine/full_bg.wasm", "dist/worker.js", "dist/export_worker.js", "dist/worklet.js"]) {
        const { bytes, plain, gzip } = sizes(part);
        console.log(`${part}: ${kB(plain)}, gzip ${kB(gzip)}, brotli ${kB(brotliCompressSync(bytes).length)}`);
    }
}
