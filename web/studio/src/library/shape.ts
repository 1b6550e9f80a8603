// The course of a track as shapes, for its picture: numbers only.

import type { Track, Voice } from "../document";
import { lengthOf } from "./sessions";

/** A voice in one step: where it is in the picture, what it does there, and how strong it is. */
export interface Hill {
    from: number;
    to: number;
    beats: [number, number];
    strength: number;
}

export interface Shape {
    hills: Hill[];
    /** Single strokes: time and pitch, 0 to 1. */
    strokes: [number, number][];
    /** Whether something moves round the head. */
    circles: boolean;
    /** 0 to 360, of the mean beat: slow is blue, fast is warm. */
    hue: number;
}

/** Beats from 0.5 to 50 Hz, as 0 to 1. */
const height = (hertz: number) => Math.min(1, Math.max(0.04, Math.log(Math.max(hertz, 0.5) / 0.5) / Math.log(100)));

function value(params: Record<string, unknown>, ...names: string[]): number | undefined {
    const found = names.map((name) => Number(params[name] ?? Number.NaN)).find((number) => Number.isFinite(number));
    return found;
}

function hill(voice: Voice, from: number, to: number): Hill | undefined {
    const params = voice.params ?? {};
    const start = value(params, "startBeatFreq", "beatFreq", "startModFreqL", "modFreqL", "startModFreq", "modFreq");
    if (start === undefined) return undefined;
    const end = value(params, "endBeatFreq", "endModFreqL", "endModFreq") ?? start;
    const amplitude = value(params, "startAmpL", "ampL", "amp", "amp_lower_L") ?? 0.25;
    return { from, to, beats: [height(start), height(end)], strength: Math.min(1, 0.35 + 4 * Math.abs(amplitude)) };
}

export function shapeOf(track: Track): Shape {
    const whole = lengthOf(track) || 1;
    const shape: Shape = { hills: [], strokes: [], circles: false, hue: 210 };
    let at = 0;
    // long nights would hide their beginning: time is drawn by its root
    const place = (seconds: number) => Math.sqrt(Math.min(1, Math.max(0, seconds / whole)));
    track.progression.forEach((step, index) => {
        const end = at + step.duration;
        for (const voice of step.voices ?? []) {
            if (voice.synth_function_name === "bell") {
                const pitch = Math.log2(Number(voice.params?.["baseFreq"] ?? 440) / 110) / 3;
                shape.strokes.push([place(at + 2), Math.min(1, Math.max(0, pitch))]);
                continue;
            }
            if (voice.synth_function_name.startsWith("spatial")) shape.circles = true;
            const found = hill(voice, place(at), place(end));
            if (found) shape.hills.push(found);
        }
        const last = index + 1 === track.progression.length;
        at = end - (last ? 0 : (step.crossfade_duration ?? track.global?.crossfade_duration ?? 1));
    });
    const mean = shape.hills.reduce((sum, { beats }) => sum + beats[0] + beats[1], 0) / (2 * shape.hills.length || 1);
    shape.hue = Math.round((250 - 230 * Math.min(1, mean / 0.9) + 360) % 360);
    return shape;
}
