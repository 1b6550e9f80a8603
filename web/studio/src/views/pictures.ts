// How the views are drawn.

import { type Analysis, HIGHEST, LOWEST, ROWS } from "./analysis";
import type { Surface } from "./canvas";
import { goniometer } from "./correlation";
import { magma } from "./magma";

/** Highest frequency of the beat spectrum, in Hz. */
const BEAT_TOP = 45;
const COLOURS = magma();
const FLOOR_DB = -90;
const FONT = "12px system-ui, sans-serif";

function clear({ draw, width, height }: Surface): void {
    draw.clearRect(0, 0, width, height);
    draw.font = FONT;
    draw.lineWidth = 1;
    draw.globalAlpha = 1;
    draw.textAlign = "left";
}

/** Depth over beat frequency, for each ear and between them. */
export function drawBeat(surface: Surface, analysis: Analysis | undefined): void {
    const { draw, width, height, colour } = surface;
    clear(surface);
    const [left, bottom, top] = [4, height - 20, 6];
    const x = (hz: number) => left + (hz / BEAT_TOP) * (width - 2 * left);
    const y = (depth: number) => bottom - Math.min(depth, 1.05) * (bottom - top) * 0.94;
    draw.strokeStyle = colour("line");
    draw.fillStyle = colour("muted");
    draw.textAlign = "center";
    draw.beginPath();
    for (let hz = 0; hz <= BEAT_TOP; hz += 5) {
        draw.moveTo(x(hz), top);
        draw.lineTo(x(hz), bottom);
        if (hz % 10 === 0) draw.fillText(hz === 0 ? "0 Hz" : String(hz), Math.max(x(hz), 16), height - 5);
    }
    for (const depth of [0.5, 1]) {
        draw.moveTo(left, y(depth));
        draw.lineTo(width - left, y(depth));
    }
    draw.moveTo(left, bottom);
    draw.lineTo(width - left, bottom);
    draw.stroke();
    draw.textAlign = "right";
    draw.fillText("100 %", width - left - 2, y(1) - 3);
    const found = analysis?.beat;
    if (!found) return;
    const kinds = [
        ["left", "left", [6, 3]],
        ["right", "right", [2, 3]],
        ["between", "accent", []],
    ] as const;
    for (const [name, tone, dash] of kinds) {
        const depths = found[name];
        draw.beginPath();
        draw.moveTo(x(0), bottom);
        for (let k = 1; k < depths.length && k * found.step <= BEAT_TOP; k++) draw.lineTo(x(k * found.step), y(depths[k]!));
        draw.strokeStyle = colour(tone);
        draw.lineWidth = name === "between" ? 2.25 : 1.5;
        draw.setLineDash([...dash]);
        draw.stroke();
        if (name !== "between") continue;
        draw.lineTo(x(BEAT_TOP), bottom);
        draw.closePath();
        draw.globalAlpha = 0.16;
        draw.fillStyle = colour(tone);
        draw.fill();
        draw.globalAlpha = 1;
    }
    draw.setLineDash([]);
}

/** The history of spectra: the left ear above, the right one below. */
export class Spectrogram {
    #strip: HTMLCanvasElement | undefined;
    #image: ImageData | undefined;
    #at = 0;

    paint(surface: Surface, analysis: Analysis | undefined): void {
        const { draw, width, height, fresh } = surface;
        const columns = analysis?.columns.splice(0) ?? [];
        this.#strip ??= Object.assign(document.createElement("canvas"), { width: 1024, height: 2 * ROWS });
        const strip = this.#strip.getContext("2d")!;
        this.#image ??= strip.createImageData(1, 2 * ROWS);
        if (columns.length === 0 && !fresh) return;
        const wide = this.#strip.width;
        const words = new Uint32Array(this.#image.data.buffer);
        for (const column of columns) {
            for (let row = 0; row < 2 * ROWS; row++) {
                const ear = row < ROWS ? 0 : 1;
                const level = column[ear * ROWS + ROWS - 1 - (row - ear * ROWS)]!;
                const share = Math.min(Math.max((level - FLOOR_DB) / (-10 - FLOOR_DB), 0), 1);
                words[row] = COLOURS[Math.round(255 * share)]!;
            }
            // the strip is a ring, so that nothing has to be moved
            strip.putImageData(this.#image, this.#at, 0);
            this.#at = (this.#at + 1) % wide;
        }
        const shown = Math.min(wide, Math.max(200, Math.round(width)));
        const half = (height - 4) / 2;
        draw.imageSmoothingEnabled = false;
        draw.fillStyle = "#000004";
        draw.fillRect(0, 0, width, height);
        const late = Math.min(this.#at, shown);
        const early = shown - late;
        for (const [row, y] of [[0, 0], [ROWS, half + 4]] as const) {
            if (early > 0) draw.drawImage(this.#strip, wide - early, row, early, ROWS, 0, y, (early / shown) * width, half);
            if (late > 0) draw.drawImage(this.#strip, this.#at - late, row, late, ROWS, (early / shown) * width, y, (late / shown) * width, half);
        }
        draw.font = FONT;
        draw.textAlign = "left";
        for (const [top, hz] of [0, half + 4].flatMap((from) => [100, 1000, 10_000].map((one) => [from, one] as const))) {
            const y = top + half * (1 - Math.log(hz / LOWEST) / Math.log(HIGHEST / LOWEST));
            draw.fillStyle = "rgb(255 255 255 / 30%)";
            draw.fillRect(0, y, 8, 1);
            draw.fillStyle = "rgb(255 255 255 / 85%)";
            draw.fillText(hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`, 12, y + 4);
        }
    }
}

/** Left against right, turned so that equal ears stand upright. */
export function drawStereo(surface: Surface, analysis: Analysis | undefined): void {
    const { draw, width, height, colour } = surface;
    clear(surface);
    const radius = Math.min(width, height) / 2 - 12;
    const [cx, cy] = [width / 2, height / 2];
    draw.strokeStyle = colour("line");
    draw.fillStyle = colour("muted");
    draw.font = FONT;
    draw.lineWidth = 1;
    draw.beginPath();
    draw.arc(cx, cy, radius, 0, 2 * Math.PI);
    const lean = radius * Math.SQRT1_2;
    for (const [dx, dy] of [[0, radius], [radius, 0], [lean, lean], [lean, -lean]] as const) {
        draw.moveTo(cx - dx, cy - dy);
        draw.lineTo(cx + dx, cy + dy);
    }
    draw.stroke();
    draw.textAlign = "center";
    draw.fillText("L", cx - lean - 8, cy - lean - 2);
    draw.fillText("R", cx + lean + 8, cy - lean - 2);
    if (!analysis) return;
    const { last } = analysis;
    let loudest = 0.02;
    for (const sample of last) loudest = Math.max(loudest, Math.abs(sample));
    const scale = (radius * 0.98) / (loudest * Math.SQRT2);
    draw.beginPath();
    for (let i = last.length / 2; i + 1 < last.length; i += 6) {
        const [x, y] = goniometer(last[i]!, last[i + 1]!);
        if (i === last.length / 2) draw.moveTo(cx + scale * x, cy - scale * y);
        else draw.lineTo(cx + scale * x, cy - scale * y);
    }
    draw.strokeStyle = colour("accent");
    draw.lineWidth = 1.25;
    draw.stroke();
}
