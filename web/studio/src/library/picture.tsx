// A session as a picture: its beats as hills over time, a wave that swings as they do, its bells as moons.

import { useId, useMemo } from "preact/hooks";
import type { Track } from "../document";
import { type Course, POINTS, shapeOf } from "./shape";

const HEIGHT = 180;
/** Width of a picture on a card, and of one across the page. */
const [CARD, WIDE] = [320, 640];
const x = (point: number, width: number) => ((width * point) / (POINTS - 1)).toFixed(1);
const hsl = (hue: number, saturation: number, light: number) => `hsl(${Math.round(hue) % 360} ${saturation}% ${light}%)`;

/** Where a course runs: high for fast beats and high tones, down to the ground where it is silent. */
function line({ heights, strengths, pitch }: Course): number[] {
    return heights.map((beat, point) => HEIGHT - HEIGHT * (0.06 + 0.52 * beat + 0.16 * pitch) * Math.min(1, 1.4 * (strengths[point] ?? 0)));
}

function area(course: Course, width: number): string {
    const edge = line(course).map((y, point) => `${x(point, width)} ${y.toFixed(1)}`);
    return `M0 ${HEIGHT}L${edge.join("L")}L${width} ${HEIGHT}Z`;
}

/** A line whose waves are as close as the beats are fast. */
function wave(course: Course, shift: number, width: number): string {
    const edge = line(course);
    let phase = shift;
    let path = "";
    for (let pixel = 0; pixel <= width; pixel += 2) {
        const place = (pixel / width) * (POINTS - 1);
        const point = Math.min(POINTS - 2, Math.floor(place));
        const between = (values: number[]) => {
            const [a, b] = [values[point] ?? 0, values[point + 1] ?? 0];
            return a + (b - a) * (place - point);
        };
        phase += 0.05 + 0.42 * between(course.heights) ** 1.5;
        const swing = (10 + shift) * between(course.strengths);
        path += `${path ? "L" : "M"}${pixel} ${(between(edge) - 14 + swing * Math.sin(phase)).toFixed(1)}`;
    }
    return path;
}

/** The picture of a track; of the same one it is not made again. */
export function Picture({ track, wide = false }: { track: Track; wide?: boolean }) {
    const id = useId();
    return useMemo(() => drawing(track, wide ? WIDE : CARD, id), [track, wide, id]);
}

function drawing(track: Track, width: number, id: string) {
    const { courses, strokes, circles, hue } = shapeOf(track);
    const ordered = [...courses].sort((a, b) => Math.min(...line(a)) - Math.min(...line(b)));
    const [first] = courses;
    return (
        <svg class="picture" viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <defs>
                <linearGradient id={`${id}sky`} x1="0" y1="0" x2="0.25" y2="1">
                    <stop offset="0" stop-color={hsl(hue + 335, 45, 13)} />
                    <stop offset="0.6" stop-color={hsl(hue, 42, 27)} />
                    <stop offset="1" stop-color={hsl(hue + 25, 45, 44)} />
                </linearGradient>
                {ordered.map((_, index) => (
                    <linearGradient key={index} id={`${id}hill${index}`} x1="0" y1="0" x2="0" y2="1">
                        <stop offset="0" stop-color={hsl(hue + 18 * index, 50, 62 - 6 * index)} stop-opacity="0.75" />
                        <stop offset="1" stop-color={hsl(hue + 340 + 12 * index, 50, 22)} stop-opacity="0.85" />
                    </linearGradient>
                ))}
            </defs>
            <rect width={width} height={HEIGHT} fill={`url(#${id}sky)`} />
            {circles
                ? [18, 34, 50, 66, 82].map((radius) => (
                      <circle key={radius} cx={width - 88} cy="64" r={radius} fill="none" stroke={hsl(hue + 20, 60, 78)} stroke-opacity={0.55 - radius / 190} />
                  ))
                : null}
            {circles ? <circle cx={width - 54} cy="64" r="5" fill={hsl(hue + 40, 85, 86)} /> : null}
            {strokes.map(([place, pitch], index) => (
                <circle
                    key={index}
                    cx={(24 + place * (width - 60) + 30 * (pitch - 0.4)).toFixed(1)}
                    cy={(66 - 48 * pitch).toFixed(1)}
                    r={(13 - 9 * pitch).toFixed(1)}
                    fill={hsl(hue + 30, 70, 88)}
                    fill-opacity="0.85"
                />
            ))}
            {ordered.map((course, index) => (
                <path key={index} d={area(course, width)} fill={`url(#${id}hill${index})`} />
            ))}
            {first
                ? [6, 3, 0].map((shift) => (
                      <path
                          key={shift}
                          d={wave(first, shift, width)}
                          fill="none"
                          stroke={hsl(hue + 30, 80, 88)}
                          stroke-opacity={0.95 - shift / 8}
                          stroke-width={shift === 0 ? 1.8 : 1}
                          stroke-linecap="round"
                      />
                  ))
                : null}
        </svg>
    );
}
