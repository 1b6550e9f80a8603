// Tests in pages of Chromium, over both ways from the worker to the audio thread.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { MOUNTS } from "./reference.mjs";

/**
 * Calls `define` in a suite for each mode, "shared" and "messages". It gets an object with `mode`, and with `page`, which
 * is a new page in each test. The console of the page has to stay clean, but for what matches `expected` of the test.
 */
export function overBothTransports(define) {
    let browser;
    before(async () => (browser = await launch()));
    after(() => browser?.close());

    for (const mode of ["shared", "messages"]) {
        describe(mode === "shared" ? "over shared memory" : "over messages", () => {
            const on = { mode };
            let server;
            let complaints;
            before(async () => (server = await serve({ isolated: mode === "shared", mounts: MOUNTS })));
            after(() => server.close());
            beforeEach(async () => {
                on.page = await browser.newPage();
                on.expected = undefined;
                complaints = [];
                on.page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
                on.page.on("pageerror", (error) => complaints.push(error.message));
                await on.page.goto(`http://localhost:${server.address().port}/tests/page.html`);
                // by the clock: frames of a page in the background may not come
                await on.page.waitForFunction("window.ready", null, { polling: 50 });
            });
            afterEach(async () => {
                await on.page.close();
                const odd = complaints.filter((text) => !on.expected?.test(text));
                assert.deepEqual(odd, [], "the console is clean");
            });
            define(on);
        });
    }
}
