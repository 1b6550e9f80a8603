// Modules of the studio that need no page, for tests in Node.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), "../studio/src");

/** The module `name` (`views/loudness.ts`) and what it imports. */
export async function module(name) {
    const { outputFiles } = await build({
        entryPoints: [join(SOURCES, name)],
        bundle: true,
        format: "esm",
        platform: "neutral",
        write: false,
        logLevel: "error",
    });
    return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
