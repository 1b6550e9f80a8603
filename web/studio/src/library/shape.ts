// The course of a track as shapes, for its picture: numbers only.

import type { Track, Voice } from "../document";
import { lengthOf } from "./sessions";

/** Points along the width of the picture. */
export const POINTS = 96;
/** Neighbours over which a course is smoothed. */
const SOFT = 3;

/** One voice over the whole track, a point each: height of its beat, 0 to 1, and strength, 0 to 1. */
export interface Course {
    heights: number[];
    strengths: number[];
    /** 0 for low tones to 1 for high ones. */
    pitch: number;
}

export interface Shape {
    courses: Course[];
    /** Single strokes: place and pitch, 0 to 1. */
    strokes: [number, number][];
    /** Whether something moves round the head. */
    circles: boolean;
    /** 0 to 360: the pitch of the first tone, once round in an octave. */
    hue: number;
}

/** A voice in one step. */
interface Part {
    from: number;
    to: number;
    beats: [number, number];
    strengths: [number, number];
}

const HUE_OF_A = 85;
/** Beats from 0.5 to 50 Hz, as 0 to 1. */
const height = (hertz: number) => Math.min(1, Math.max(0.05, Math.log(Math.max(hertz, 0.5) / 0.5) / Math.log(100)));
const strength = (amplitude: number) => Math.min(1, 3 * Math.sqrt(Math.abs(amplitude)));

function value(params: Record<string, unknown>, names: string[]): number | undefined {
    return names.map((name) => Number(params[name] ?? Number.NaN)).find((number) => Number.isFinite(number));
}

const BEATS = ["BeatFreq", "ModFreqL", "ModFreq"];
const AMPLITUDES = ["AmpL", "Amp", "Amp_lower_L"];
const PITCHES = ["BaseFreq", "CarrierFreq"];
const plain = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const at = (edge: "start" | "end", names: string[]) => names.map((name) => edge + name);
const held = (names: string[]) => names.map(plain);

function part(voice: Voice, from: number, to: number): Part | undefined {
    const params = voice.params ?? {};
    const beat = value(params, [...at("start", BEATS), ...held(BEATS)]);
    if (beat === undefined) return undefined;
    const amplitude = value(params, [...at("start", AMPLITUDES), ...held(AMPLITUDES)]) ?? 0.25;
    return {
        from,
        to,
        beats: [height(beat), height(value(params, at("end", BEATS)) ?? beat)],
        strengths: [strength(amplitude), strength(value(params, at("end", AMPLITUDES)) ?? amplitude)],
    };
}

function smooth(values: number[]): number[] {
    return values.map((_, index) => {
        const near = values.slice(Math.max(0, index - SOFT), index + SOFT + 1);
        return near.reduce((sum, each) => sum + each, 0) / near.length;
    });
}

function course(parts: Part[], pitch: number): Course {
    const [heights, strengths] = [new Array<number>(POINTS).fill(0), new Array<number>(POINTS).fill(0)];
    let last = parts[0]?.beats[0] ?? 0;
    for (let point = 0; point < POINTS; point++) {
        const place = point / (POINTS - 1);
        const here = parts.find(({ from, to }) => place >= from && place <= to);
        if (here) {
            const share = (place - here.from) / (here.to - here.from || 1);
            last = here.beats[0] + share * (here.beats[1] - here.beats[0]);
            strengths[point] = here.strengths[0] + share * (here.strengths[1] - here.strengths[0]);
        }
        heights[point] = last;
    }
    return { heights: smooth(heights), strengths: smooth(strengths), pitch };
}

export function shapeOf(track: Track): Shape {
    const whole = lengthOf(track) || 1;
    const voices = new Map<string, { parts: Part[]; pitch: number }>();
    const strokes: [number, number][] = [];
    let circles = false;
    let hue: number | undefined;
    let begin = 0;
    // long nights would hide their beginning: time is drawn by its root
    const place = (seconds: number) => Math.sqrt(Math.min(1, Math.max(0, seconds / whole)));
    track.progression.forEach((step, index) => {
        const end = begin + step.duration;
        (step.voices ?? []).forEach((voice, order) => {
            const hertz = value(voice.params ?? {}, [...at("start", PITCHES), ...held(PITCHES)]);
            const pitch = hertz ? Math.min(1, Math.max(0, Math.log2(hertz / 60) / 4)) : 0.3;
            if (voice.synth_function_name === "bell") return void strokes.push([place(begin + 2), pitch]);
            if (String(voice.synth_function_name).startsWith("spatial")) circles = true;
            const found = part(voice, place(begin), place(end));
            if (!found) return;
            if (hertz) hue ??= HUE_OF_A + 360 * Math.log2(hertz / 110);
            const key = String(voice.voice_id ?? `${voice.synth_function_name} ${order}`);
            const known = voices.get(key);
            if (known) known.parts.push(found);
            else voices.set(key, { parts: [found], pitch });
        });
        const last = index + 1 === track.progression.length;
        begin = end - (last ? 0 : (step.crossfade_duration ?? track.global?.crossfade_duration ?? 1));
    });
    const courses = [...voices.values()].slice(0, 6).map(({ parts, pitch }) => course(parts, pitch));
    return { courses, strokes, circles, hue: (((hue ?? 215) % 360) + 360) % 360 };
}
