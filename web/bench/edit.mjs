// node bench/edit.mjs [ROUNDS]: milliseconds from a key in the studio until the sound that leaves the page is changed, in
// Chromium. The blocks of the output, within which frames are taken at once, and the way to the ear come on top of that.
import { decoded } from "../tests/reference.mjs";
import { recordable } from "../tests/recording.mjs";
import { choose, named, playing, studio, titled } from "../tests/studio.mjs";

const rounds = Number(process.argv[2] ?? 20);
/** Seconds of a block of which the largest sample is looked for, and blocks at the start that are not yet steady. */
const [BLOCK_S, FIRST] = [0.005, 5];
const place = await studio();
const page = await place.open({ init: recordable });
await choose(page, named("edit.json", 200, 3600));
await titled(page, "edit");
await page.locator('.transport button[aria-label="Play"]').click();
await playing(page);
// past the fade of three seconds at the start
await page.waitForTimeout(3500);
await page.getByRole("slider", { name: /^Level/ }).first().focus();

const delays = [];
for (let round = 0; round < rounds; round++) {
    const up = round % 2 === 0;
    await page.evaluate(() => {
        window.addEventListener("keydown", ({ timeStamp }) => (window.pressed = timeStamp), { once: true, capture: true });
        return window.record(0.6);
    });
    await page.waitForTimeout(200 + 20 * Math.random());
    await page.keyboard.press(up ? "PageUp" : "PageDown");
    const heard = decoded(await page.evaluate(() => window.recorded));
    const { page: began, rate, pressed } = await page.evaluate(() => ({ ...window.began, pressed: window.pressed }));
    const block = Math.round(BLOCK_S * rate);
    const largest = (samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const levels = Array.from({ length: Math.floor(heard.length / 2 / block) }, (_, k) => largest(heard.slice(2 * k * block, 2 * (k + 1) * block)));
    const key = (pressed - began) / 1000 / BLOCK_S;
    const before = levels.slice(FIRST, Math.floor(key));
    const [least, most] = [Math.min(...before), Math.max(...before)];
    const louder = (k) => levels[k] > 1.02 * most;
    const softer = (k) => levels[k] < 0.98 * least && levels.slice(k, k + 4).every((level) => level < 0.99 * most);
    const changed = levels.findIndex((_, k) => k > key && (up ? louder(k) : softer(k)));
    if (changed < 0) throw new Error(`round ${round}: no change`);
    delays.push(1000 * (changed - key) * BLOCK_S);
}
delays.sort((a, b) => a - b);
const at = (share) => delays[Math.min(Math.floor(share * rounds), rounds - 1)].toFixed(0);
const { latency } = await page.evaluate(() => window.began);
console.log(
    `key to changed sound, ${rounds} times: least ${at(0)} ms, median ${at(0.5)} ms, 90 % ${at(0.9)} ms, most ${at(1)} ms; ` +
        `blocks of ${(1000 * latency).toFixed(0)} ms`,
);
await place.close();
