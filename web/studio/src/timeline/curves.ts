// Beat, carrier and level of a voice over its step (docs/spec/voice-pipeline.md, 3 to 5).

import type { Envelope, Step, Track, Voice } from "../document";
import { ends, familyOf, moves, type Parameter, parameterOf } from "../inspector/table";
import { compile } from "./expression";

export type Curve = "beat" | "carrier" | "level";
/** Seconds since the start of the step, and the value there. */
export type Point = [number, number];

/** Points of what is bent. */
const POINTS = 48;

const compiled = new Map<string, ((u: number) => number) | undefined>();

/** How far a ramp has gone when `u` of its time has passed. */
export function bend(curve: unknown, u: number): number {
    const word = String(curve ?? "linear").trim().toLowerCase();
    if (word === "linear" || word === "") return u;
    if (word === "logarithmic") return 1 - (1 - u) ** 2;
    if (word === "exponential") return u * u;
    if (!compiled.has(word)) compiled.set(word, compile(word, "alpha"));
    const value = compiled.get(word)?.(u) ?? u;
    return Number.isFinite(value) ? value : 0;
}

/** When a ramp begins and ends, in seconds of the step. */
export function ramp(voice: Voice, duration: number): [number, number] {
    const { initial_offset: offset, transition_duration: length } = (voice.params ?? {}) as Record<string, number | undefined>;
    const begin = Math.min(Math.max(0, Number(offset ?? 0) || 0), duration);
    const given = length === undefined || length === null ? duration - begin : Math.max(0, Number(length) || 0);
    return [begin, Math.min(duration, begin + (given || duration - begin))];
}

/** A voice's number over its step. */
export function values(voice: Voice, parameter: Parameter, duration: number): Point[] {
    const found = ends(voice, parameter);
    if (!found) return [];
    const [first, last] = found;
    if (!moves(voice) || first === last) return [[0, first], [duration, last]];
    const [begin, end] = ramp(voice, duration);
    const curve = voice.params?.transition_curve;
    const straight = curve === undefined || curve === null || curve === "linear";
    const count = straight ? 1 : POINTS;
    const points: Point[] = begin > 0 ? [[0, first]] : [];
    for (let i = 0; i <= count; i++) {
        points.push([begin + ((end - begin) * i) / count, first + (last - first) * bend(curve, i / count)]);
    }
    if (end < duration) points.push([duration, last]);
    return points;
}

/** The volume envelope of a voice over a step. */
export function envelope(given: Envelope | null | undefined, duration: number): Point[] {
    const flat: Point[] = [[0, 1], [duration, 1]];
    if (!given) return flat;
    const of = (name: string, fallback: number) => Number(given.params?.[name] ?? fallback);
    if (given.type === "linear_fade") {
        const seconds = Math.min(of("fade_duration", 0), duration);
        const [from, to] = [of("start_amp", 1), of("end_amp", 1)];
        return seconds > 0 ? [[0, from], [seconds, to], [duration, to]] : [[0, to], [duration, to]];
    }
    if (given.type !== "adsr" && given.type !== "linen") return flat;
    const short = given.type === "adsr" ? [0.01, 0.1] : [0.1, 0.1];
    let attack = Math.max(0, of("attack", short[0]!));
    let decay = given.type === "adsr" ? Math.max(0, of("decay", 0.1)) : 0;
    let release = Math.max(0, of("release", short[1]!));
    const held = given.type === "adsr" ? Math.min(Math.max(of("sustain_level", 0.8), 0), 1) : 1;
    const all = attack + decay + release;
    if (all > duration) [attack, decay, release] = [attack, decay, release].map((part) => (part * duration) / all) as [number, number, number];
    return [[0, 0], [attack, 1], [attack + decay, held], [duration - release, held], [duration, 0]];
}

/** A polyline at a time. */
export function at(points: Point[], seconds: number): number {
    if (points.length === 0) return 0;
    const next = points.findIndex(([when]) => when >= seconds);
    if (next < 0) return points.at(-1)![1];
    const [t1, v1] = points[next]!;
    const [t0, v0] = points[Math.max(next - 1, 0)]!;
    return t1 === t0 ? v1 : v0 + ((v1 - v0) * (seconds - t0)) / (t1 - t0);
}

/** The product of two polylines. */
export function product(one: Point[], other: Point[]): Point[] {
    const bent = (points: Point[]) => points.slice(1).some(([, value], index) => value !== points[index]![1]);
    const times = new Set([...one, ...other].map(([when]) => when));
    if (bent(one) && bent(other)) {
        const end = Math.max(...times);
        for (let i = 1; i < POINTS; i++) times.add((end * i) / POINTS);
    }
    return [...times].sort((a, b) => a - b).map((when) => [when, at(one, when) * at(other, when)]);
}

/** The parameters behind a curve; nothing if the voice has no such thing. */
export function behind(voice: Voice, curve: Curve): Parameter[] {
    const family = familyOf(voice);
    if (!family) return [];
    const names = curve === "level" ? family.level : [curve === "beat" ? family.beat : family.carrier];
    return names.map((name) => parameterOf(family, name)).filter((one) => one !== undefined);
}

/** The gain of the bus of a voice, as far as the step states it. */
function volume(step: Step, voice: Voice): number {
    const family = familyOf(voice)?.name ?? "";
    const noise = (voice.voice_type as string | undefined) === "noise" || family.includes("noise");
    return Number((noise ? step.noise_volume : step.binaural_volume) ?? 1);
}

interface Kept {
    duration: number;
    gain: number;
    points: Point[];
}
const kept = new WeakMap<Voice, Partial<Record<Curve, Kept>>>();

/** A curve of a voice over its step; of a voice that did not change the same one as before. */
export function curveOf(step: Step, voice: Voice, curve: Curve): Point[] {
    if (!Object.isFrozen(voice)) return drawn(step, voice, curve);
    const all = kept.get(voice) ?? {};
    kept.set(voice, all);
    const [duration, gain] = [step.duration, volume(step, voice)];
    const before = all[curve];
    if (before?.duration === duration && before.gain === gain) return before.points;
    const points = drawn(step, voice, curve);
    all[curve] = { duration, gain, points };
    return points;
}

function drawn(step: Step, voice: Voice, curve: Curve): Point[] {
    const found = behind(voice, curve)
        .map((parameter) => values(voice, parameter, step.duration))
        .filter((points) => points.length > 0);
    if (found.length === 0) return curve === "level" ? envelope(voice.volume_envelope, step.duration) : [];
    if (curve !== "level") return found[0]!;
    // the loudest of its amplitudes
    const loudest = found.reduce((a, b) => (Math.max(...b.map((p) => p[1])) > Math.max(...a.map((p) => p[1])) ? b : a));
    const gain = volume(step, voice);
    return product(loudest, envelope(voice.volume_envelope, step.duration)).map(([when, value]) => [when, value * gain]);
}

/** Who a voice is through the steps: colours and names go by it. */
export function identity(voice: Voice, place: number): string {
    const { voice_id: id } = voice;
    return id !== undefined && id !== null && id !== "" ? `id ${String(id)}` : `${familyOf(voice)?.name ?? ""} ${place}`;
}

/** Colours that can be told apart; see timeline.css. */
export const HUES = 8;
const coloured = new WeakMap<Track, Map<string, number>>();

/** A colour for each voice of the track, numbered by first appearance. */
export function colours(track: Track): Map<string, number> {
    const before = coloured.get(track);
    if (before && Object.isFrozen(track)) return before;
    const found = new Map<string, number>();
    for (const step of track.progression) {
        for (const [place, voice] of (step.voices ?? []).entries()) {
            const who = identity(voice, place);
            if (!found.has(who)) found.set(who, found.size);
        }
    }
    coloured.set(track, found);
    return found;
}
