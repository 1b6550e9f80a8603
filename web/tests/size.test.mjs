// What a page has to fetch must not grow unnoticed. `bench/size.mjs` says how much it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sizes } from "../bench/size.mjs";

/** Most bytes with gzip. */
const MOST = { "engine/engine_bg.wasm": 600_000, "engine/full_bg.wasm": 1_720_000, "dist/worker.js": 19_800 };

for (const [part, most] of Object.entries(MOST)) {
    test(`${part} stays below ${most / 1000} kB`, () => {
        const { gzip } = sizes(part);
        assert.ok(gzip < most, `${gzip} bytes`);
    });
}
