// Takes the pictures of the studio in the documentation: node web/studio/pictures.mjs, after `make web`. With OUT=FOLDER it
// takes library and session at three widths in light and dark, to look at.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openOwn, studio } from "../tests/studio.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.env.OUT;
const DOCS = join(HERE, "../../docs/pictures");
const SIZES = [
    [1280, 860],
    [390, 844],
    [320, 640],
];
/** Those of the documentation. */
const KEPT = ["library-1280-light", "session-1280-dark", "views-1280-light"];
const PHONES = ["library-390-light", "session-390-dark", "library-320-dark", "session-320-light"];

const place = await studio();
const phones = [];
for (const colorScheme of ["light", "dark"]) {
    for (const [width, height] of SIZES) {
        const page = await place.open({ viewport: { width, height }, colorScheme });
        const take = async (part) => {
            const name = `${part}-${width}-${colorScheme}`;
            const path = OUT ? join(OUT, `${name}.png`) : join(DOCS, `studio-${name}.jpg`);
            const kind = OUT ? { type: "png" } : { type: "jpeg", quality: 78 };
            if (OUT || KEPT.includes(name)) await page.screenshot({ path, ...kind });
            const order = PHONES.indexOf(name);
            if (order >= 0) phones[order] = (await page.screenshot({ type: "png" })).toString("base64");
        };
        await page.locator(".session-card svg").last().waitFor();
        await take("library");
        await openOwn(page, "A walk round the head");
        await page.mouse.move(1, 1);
        await page.locator(".position input").focus();
        for (let press = 0; press < 5; press++) await page.keyboard.press("PageUp");
        await page.evaluate(() => document.activeElement.blur());
        await page.waitForTimeout(2500);
        await take("session");
        await page.evaluate(() => {
            document.querySelector("[aria-label=Views]").scrollIntoView({ block: "start" });
            scrollBy(0, -70);
        });
        if (width === 1280) {
            await page.waitForTimeout(9000);
            await take("views");
        }
        await page.context().close();
    }
}
// the phones side by side
const page = await place.browser.newPage({ viewport: { width: 1600, height: 884 } });
const shown = phones.map((data) => `<img src="data:image/png;base64,${data}">`).join("");
await page.setContent(`<style>body{display:flex;gap:20px;width:fit-content;margin:0;padding:20px;align-items:start;background:#8a94a0}img{border-radius:18px}</style>${shown}`);
const path = OUT ? join(OUT, "phones.png") : join(DOCS, "studio-phones.jpg");
await page.locator("body").screenshot({ path, ...(OUT ? {} : { type: "jpeg", quality: 78 }) });
await place.close();
