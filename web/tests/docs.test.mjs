// What the documentation shows in JavaScript runs in Chromium, as it is written.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { ROOT } from "./reference.mjs";

const DOCUMENTS = ["README.md", "docs/browser.md", "web/README.md"];

/** The example session, short enough to hear its end. */
const track = JSON.parse(readFileSync(join(ROOT, "examples/evening.json"), "utf8"));
track.progression = track.progression.slice(0, 2).map((step) => ({ ...step, duration: 8 }));

const snippets = (document) =>
    [...readFileSync(join(ROOT, document), "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);

let browser;
let server;
before(async () => {
    browser = await launch();
    server = await serve();
});
after(async () => {
    await browser?.close();
    server?.close();
});

for (const document of DOCUMENTS) {
    test(`the JavaScript in ${document} runs`, async () => {
        const found = snippets(document);
        assert.ok(found.length > 0);
        for (const [index, code] of found.entries()) {
            const page = await browser.newPage();
            const complaints = [];
            page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
            page.on("pageerror", (error) => complaints.push(error.message));
            await page.route("**/evening.json", (route) => route.fulfill({ json: track }));
            const name = `snippet-${basename(document, ".md")}-${index}.js`;
            const body = code.replaceAll('"realtime-backend"', '"../dist/index.js"');
            const text = `${body}\nif (typeof player !== "undefined") globalThis.ran = player.duration;\n`;
            await page.route(`**/${name}`, (route) => route.fulfill({ contentType: "text/javascript", body: text }));
            await page.goto(`http://localhost:${server.address().port}/tests/page.html`);
            await page.evaluate(
                ([name, track]) => {
                    // a button that is clicked as soon as it can be
                    const button = { set onclick(click) { click(); } };
                    globalThis.written = 0;
                    const write = (bytes) => void (globalThis.written += bytes.length);
                    const showSaveFilePicker = async () => ({ createWritable: async () => new WritableStream({ write }) });
                    Object.assign(globalThis, { button, track, slider: {}, bar: {}, showSaveFilePicker });
                    return import(`/tests/${name}`);
                },
                [name, track],
            );
            const [ran, written] = await page.evaluate(() => [globalThis.ran, globalThis.written]);
            if (code.includes("exportTrack(")) assert.ok(written > 100_000, `${name}: ${written} bytes`);
            else assert.ok(ran > 10 && ran <= 16, `${name}: ${ran}`);
            assert.deepEqual(complaints, [], name);
            await page.close();
        }
    });
}
