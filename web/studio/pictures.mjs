// Takes the pictures of the studio in the documentation: node web/studio/pictures.mjs, after `make web`. With OUT=FOLDER it
// takes every part of the page there, at three widths, in light and dark, to look at.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { studio } from "../tests/studio.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.env.OUT;
const DOCS = join(HERE, "../../docs/pictures/studio");
const SIZES = [
    [1280, 860],
    [390, 844],
    [320, 640],
];
const PARTS = ["library", "session", "timeline", "inspector", "views", "export"];
/** Quality of the WebP files of the documentation. */
const QUALITY = 0.72;

const place = await studio();
const painter = await place.browser.newPage();
/** PNG pictures side by side, as one WebP file. */
const painted = async (shots) => {
    const text = await painter.evaluate(
        async ([shots, quality]) => {
            const images = await Promise.all(
                shots.map(async (data) => createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob())),
            );
            const [gap, edge] = shots.length > 1 ? [20, 20] : [0, 0];
            const width = images.reduce((sum, image) => sum + image.width + gap, 2 * edge - gap);
            const canvas = new OffscreenCanvas(width, Math.max(...images.map((image) => image.height)) + 2 * edge);
            const context = canvas.getContext("2d");
            if (edge > 0) context.fillStyle = "#8a94a0";
            if (edge > 0) context.fillRect(0, 0, canvas.width, canvas.height);
            let x = edge;
            for (const image of images) {
                context.drawImage(image, x, edge);
                x += image.width + gap;
            }
            const blob = await canvas.convertToBlob({ type: "image/webp", quality });
            return new Promise((done) => {
                const reader = new FileReader();
                reader.onload = () => done(reader.result.split(",")[1]);
                reader.readAsDataURL(blob);
            });
        },
        [shots.map((shot) => shot.toString("base64")), QUALITY],
    );
    return Buffer.from(text, "base64");
};

/** Scroll so that `selector` is under the header. */
const show = (page, selector) =>
    page.evaluate((selector) => {
        document.querySelector(selector).scrollIntoView({ block: "start" });
        scrollBy(0, -70);
    }, selector);

/** Every part of the page as it is on a screen of this size. */
async function take(width, height, colorScheme) {
    const page = await place.open({ viewport: { width, height }, colorScheme, locale: process.env.LOCALE ?? "en-GB" });
    const shots = {};
    const shoot = async (part) => (shots[part] = await page.screenshot({ type: "png" }));
    await page.locator(".session-card svg").last().waitFor();
    await shoot("library");
    await page.locator(".session-card button").last().click();
    await page.waitForSelector(".transport button[aria-busy=false]");
    await page.mouse.move(1, 1);
    await page.locator(".position input").focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press("PageUp");
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForTimeout(2500);
    await shoot("session");
    await show(page, ".timeline");
    await shoot("timeline");
    await page.locator(".inspector .voice-row button, .inspector li button").first().click();
    await show(page, ".inspector");
    await page.waitForTimeout(200);
    await shoot("inspector");
    await show(page, ".views");
    await page.waitForTimeout(24_000);
    await shoot("views");
    await page.evaluate(() => scrollTo(0, 0));
    await page.locator("header .tools button").nth(4).click();
    await page.waitForSelector("dialog[open]");
    await page.waitForTimeout(300);
    await shoot("export");
    await page.context().close();
    return shots;
}

mkdirSync(OUT ?? DOCS, { recursive: true });
for (const colorScheme of ["light", "dark"]) {
    const taken = [];
    for (const [width, height] of SIZES) {
        const shots = await take(width, height, colorScheme);
        if (OUT) for (const part of PARTS) writeFileSync(join(OUT, `${part}-${width}-${colorScheme}.png`), shots[part]);
        taken.push(shots);
    }
    if (OUT) continue;
    for (const part of PARTS) {
        writeFileSync(join(DOCS, `${part}-${colorScheme}.webp`), await painted([taken[0][part]]));
        writeFileSync(join(DOCS, `${part}-phones-${colorScheme}.webp`), await painted([taken[1][part], taken[2][part]]));
    }
}
await place.close();
