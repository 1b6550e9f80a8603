// A session as a picture: its beats as hills over time, a wave that swings as they do, its bells as moons.

import { useId } from "preact/hooks";
import type { Track } from "../document";
import { type Hill, shapeOf } from "./shape";

const [WIDTH, HEIGHT] = [320, 180];
const x = (at: number) => WIDTH * at;
const y = (beat: number) => HEIGHT * (0.92 - 0.62 * beat);
const hsl = (hue: number, saturation: number, light: number) => `hsl(${hue % 360} ${saturation}% ${light}%)`;

function area(hills: Hill[]): string {
    const sorted = [...hills].sort((a, b) => a.from - b.from);
    const first = sorted[0];
    if (!first) return "";
    let path = `M${x(first.from).toFixed(1)} ${HEIGHT}`;
    for (const { from, to, beats } of sorted) {
        const middle = (x(from) + x(to)) / 2;
        const [a, b] = [y(beats[0]), y(beats[1])].map((v) => v.toFixed(1));
        path += `L${x(from).toFixed(1)} ${a}C${middle.toFixed(1)} ${a} ${middle.toFixed(1)} ${b} ${x(to).toFixed(1)} ${b}`;
    }
    return `${path}V${HEIGHT}Z`;
}

/** The strongest hills as one line whose waves are as close as the beats are fast. */
function wave(hills: Hill[]): string {
    const at = (position: number) => hills.find(({ from, to }) => position >= from && position <= to);
    let phase = 0;
    let path = "";
    for (let pixel = 0; pixel <= WIDTH; pixel += 2) {
        const here = at(pixel / WIDTH);
        const share = here ? (pixel / WIDTH - here.from) / (here.to - here.from || 1) : 0;
        const beat = here ? here.beats[0] + share * (here.beats[1] - here.beats[0]) : 0.04;
        phase += 0.06 + 0.5 * beat;
        const swing = here ? 9 * here.strength : 1;
        path += `${path ? "L" : "M"}${pixel} ${(y(beat) - 6 + swing * Math.sin(phase)).toFixed(1)}`;
    }
    return path;
}

/** Voices by their order in the step: each makes one ridge. */
function ridges(hills: Hill[]): Hill[][] {
    const rows: Hill[][] = [];
    for (const hill of hills) {
        const row = rows.find((row) => row.every((other) => other.to <= hill.from + 0.08));
        if (row) row.push(hill);
        else rows.push([hill]);
    }
    return rows.slice(0, 5);
}

export function Picture({ track }: { track: Track }) {
    const { hills, strokes, circles, hue } = shapeOf(track);
    const rows = ridges(hills);
    const id = useId();
    return (
        <svg class="picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <defs>
                <linearGradient id={id} x1="0" y1="0" x2="0.3" y2="1">
                    <stop offset="0" stop-color={hsl(hue + 20, 42, 16)} />
                    <stop offset="1" stop-color={hsl(hue - 15, 48, 34)} />
                </linearGradient>
            </defs>
            <rect width={WIDTH} height={HEIGHT} fill={`url(#${id})`} />
            {circles
                ? [26, 46, 66, 86].map((radius) => (
                      <circle cx="235" cy="72" r={radius} fill="none" stroke={hsl(hue + 40, 60, 75)} stroke-opacity={0.5 - radius / 220} />
                  ))
                : null}
            {circles ? <circle cx="235" cy="26" r="5" fill={hsl(hue + 60, 80, 82)} /> : null}
            {rows.map((row, index) => (
                <path d={area(row)} fill={hsl(hue + 22 * index, 46, 52 - 7 * index)} fill-opacity={0.2 + 0.35 * (row[0]?.strength ?? 0)} />
            ))}
            <path d={wave(rows[0] ?? [])} fill="none" stroke={hsl(hue + 30, 75, 84)} stroke-width="1.8" stroke-linecap="round" />
            {strokes.map(([at, pitch]) => (
                <circle
                    cx={(14 + at * (WIDTH - 28)).toFixed(1)}
                    cy={(HEIGHT * (0.5 - 0.35 * pitch)).toFixed(1)}
                    r={(11 - 6 * pitch).toFixed(1)}
                    fill={hsl(hue + 50, 70, 86)}
                    fill-opacity="0.75"
                />
            ))}
        </svg>
    );
}
