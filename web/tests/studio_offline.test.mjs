// The studio without a network, and its update.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./reference.mjs";
import { openOwn, studio } from "./studio.mjs";

let place;
let folder;
before(async () => {
    folder = mkdtempSync(join(tmpdir(), "studio-"));
    cpSync(join(ROOT, "web/studio/dist"), folder, { recursive: true });
    place = await studio({ mounts: { "/studio/": folder } });
});
after(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
});

test("after the first visit it opens and plays offline", async () => {
    const page = await place.open({ workers: true });
    await page.waitForFunction(() => /works without a network/.test(document.querySelector(".promise").textContent));
    await page.context().setOffline(true);
    await page.reload();
    await openOwn(page, "Forty hertz");
    await page.waitForFunction(() => document.querySelector(".position output").textContent !== "0:00");
    // shared memory, too: the worker adds the headers that a plain server lacks
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    await page.context().close();
});

test("a newer version is offered and loaded when asked for", async () => {
    const page = await place.open({ workers: true });
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const [index, worker] = ["index.html", "service_worker.js"].map((name) => join(folder, name));
    writeFileSync(index, readFileSync(index, "utf8").replace("<html", '<html data-version="2"'));
    writeFileSync(worker, readFileSync(worker, "utf8").replace(/VERSION = "\w+"/, 'VERSION = "next"'));
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await page.getByRole("button", { name: "Load it" }).click();
    await page.waitForFunction(() => document.documentElement.dataset.version === "2");
    assert.deepEqual(await page.evaluate(() => caches.keys()), ["studio-next"]);
});

test("licences of all parts come with the page", async () => {
    const text = await (await fetch(`${place.address}licences.txt`)).text();
    for (const name of ["preact", "@preact/signals", "immer", "idb"]) assert.match(text, new RegExp(`^${name} \\d.*\\((MIT|ISC)\\)\n\n.*`, "m"));
    assert.match(text, /Permission is hereby granted/);
});

test("it can be installed: manifest, icons, start", async () => {
    const page = await place.open();
    const session = await page.context().newCDPSession(page);
    const { errors, url } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const manifest = await (await fetch(url)).json();
    for (const { src, sizes, type } of manifest.icons) {
        const answer = await fetch(new URL(src, url));
        assert.equal(answer.headers.get("content-type"), type, src);
        if (type === "image/png") {
            const bytes = new DataView(await answer.arrayBuffer());
            assert.equal(`${bytes.getUint32(16)}x${bytes.getUint32(20)}`, sizes);
        }
    }
    assert.deepEqual(place.complaints, []);
});
