// What the studio takes home as audio files.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Reference } from "./reference.mjs";
import { choose, named, studio, titled } from "./studio.mjs";

let place;
let reference;
before(async () => {
    place = await studio();
    reference = new Reference(1);
});
after(async () => {
    reference?.close();
    await place?.close();
});

/** A page with this track and the dialog open; `init` decides where files go. */
async function exporting(file, init) {
    const page = await place.open({ init });
    await choose(page, [file]);
    await titled(page, file.name.replace(".json", ""));
    await page.getByRole("button", { name: "Export…" }).click();
    return page;
}
const withoutPicker = () => delete window.showSaveFilePicker;
/** Files go to the private folder of the page, through the interface of the file system. */
const withPicker = () => {
    window.showSaveFilePicker = async ({ suggestedName }) => {
        const folder = await navigator.storage.getDirectory();
        return folder.getFileHandle(suggestedName, { create: true });
    };
};
const begin = (page) => page.getByRole("button", { name: "Export", exact: true }).click();

test("a WAV file has the bytes of the native one", async () => {
    const file = named("dusk.json", 210, 7);
    const page = await exporting(file, withoutPicker);
    await page.getByRole("button", { name: "WAV" }).click();
    const download = page.waitForEvent("download");
    await begin(page);
    const saved = await download;
    assert.equal(saved.suggestedFilename(), "dusk.wav");
    await page.getByText("dusk.wav is ready.").waitFor();
    const [ours, theirs] = [readFileSync(await saved.path()), await reference.file(JSON.parse(file.buffer), { format: "wav", bits: 24 })];
    assert.ok(ours.equals(theirs), `${ours.length} and ${theirs.length} bytes`);
});

test("FLAC and Opus are written where they were asked for", async () => {
    const page = await exporting(named("dusk.json", 210, 7), withPicker);
    for (const [name, begins] of [
        ["FLAC", "fLaC"],
        ["OPUS", "OggS"],
    ]) {
        await page.getByRole("button", { name }).click();
        await begin(page);
        await page.getByText(`dusk.${name.toLowerCase()} is ready.`).waitFor();
        const found = await page.evaluate(async (name) => {
            const folder = await navigator.storage.getDirectory();
            const file = await (await folder.getFileHandle(name)).getFile();
            const context = new OfflineAudioContext(2, 1, 48000);
            const { duration } = await context.decodeAudioData(await file.arrayBuffer());
            return { begins: await file.slice(0, 4).text(), duration };
        }, `dusk.${name.toLowerCase()}`);
        assert.equal(found.begins, begins);
        assert.ok(Math.abs(found.duration - 7) < 0.01, `${found.duration}`);
    }
});

test("progress is shown, and a cancelled export leaves nothing", async () => {
    const page = await exporting(named("hours.json", 210, 7200), withPicker);
    await begin(page);
    await page.waitForFunction(() => Number(document.querySelector("dialog progress")?.value) > 0);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled; no file was kept.").waitFor();
    const size = await page.evaluate(async () => {
        const folder = await navigator.storage.getDirectory();
        return (await (await folder.getFileHandle("hours.flac")).getFile()).size;
    });
    assert.equal(size, 0);
});

test("no complaint in any of it", () => {
    assert.deepEqual(place.complaints, []);
});
