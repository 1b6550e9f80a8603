// A part of a voice: ramps and envelopes as they are heard between two times of its step.

import type { Envelope, Voice } from "../document";
import { ends, familyName, familyOf, flanger, moves, namesOf } from "../inspector/table";
import { at, bend, envelope, ramp } from "./curves";
import { tidy } from "./placement";

/** Two values of a curve that differ by less are the same. */
const FLAT = 1e-9;

/** Seconds of a step. */
export interface Span {
    from: number;
    to: number;
}

/** Shape of a ramp between two of its points, of which it makes a whole one. */
function bent(curve: unknown, from: number, to: number): string {
    const word = String(curve ?? "linear").trim().toLowerCase() || "linear";
    // the beginning of a parabola, and the end of one, are parabolas
    if (word === "linear" || (word === "exponential" && from === 0) || (word === "logarithmic" && to === 1)) return word;
    const formula = word === "exponential" ? "alpha ** 2" : word === "logarithmic" ? "1 - (1 - alpha) ** 2" : word;
    const inner = formula.replace(/\balpha\b/g, `(${tidy(from)} + ${tidy(to - from)} * alpha)`);
    const [low, high] = [bend(curve, from), bend(curve, to)];
    return Math.abs(high - low) < FLAT ? inner : `((${inner}) - ${tidy(low)}) / ${tidy(high - low)}`.replace(" - -", " + ");
}

/** The ramps of a voice that moves. */
function cutRamps(voice: Voice, duration: number, { from, to }: Span): void {
    const params = (voice.params ??= {});
    const [begin, end] = ramp(voice, duration);
    const curve = params["transition_curve"];
    const [u0, u1] = [from, to].map((when) => Math.min(Math.max(end > begin ? (when - begin) / (end - begin) : Number(when >= begin), 0), 1)) as [number, number];
    const [low, high] = [bend(curve, u0), bend(curve, u1)];
    // a curve that comes back to where it was keeps its ends
    const returns = u1 > u0 && Math.abs(high - low) < FLAT;
    for (const parameter of [...(familyOf(voice)?.parameters ?? []), ...flanger]) {
        const [first, last] = namesOf(parameter, true);
        if (first === undefined || last === undefined || parameter.kind !== "number" || returns) continue;
        const pair = ends(voice, parameter);
        if (!pair || pair[0] === pair[1]) continue;
        const value = (share: number) => tidy(pair[0] + (pair[1] - pair[0]) * share);
        [params[first], params[last]] = [value(low), value(high)];
    }
    for (const name of ["initial_offset", "transition_duration", "transition_curve"]) delete params[name];
    if (u1 <= u0) return;
    const [starts, stops] = [Math.max(0, begin - from), Math.min(to, end) - from];
    if (starts > 0) params["initial_offset"] = tidy(starts);
    if (stops < to - from) params["transition_duration"] = tidy(stops - starts);
    const shape = bent(curve, u0, u1);
    if (shape !== "linear") params["transition_curve"] = shape;
}

/** Where an envelope has risen, and where it begins to fall to its end, in seconds of the step. */
export function plateau(given: Envelope, duration: number): [number, number] {
    const points = envelope(given, duration);
    if (given.type !== "adsr" && given.type !== "linen") return [points.length > 2 ? points[1]![0] : 0, duration];
    return [points[2]![0], points[3]![0]];
}

/** An envelope between two times; the one that is given, if no envelope has that shape. */
function cutEnvelope(given: Envelope, duration: number, { from, to }: Span): Envelope {
    const [risen, falls] = plateau(given, duration);
    const level = (when: number) => tidy(at(envelope(given, duration), when));
    const straight = (until: number): Envelope => ({
        type: "linear_fade",
        params: { fade_duration: tidy(until - from), start_amp: level(from), end_amp: level(until) },
    });
    if (given.type !== "adsr" && given.type !== "linen") return straight(Math.min(Math.max(risen, from), to));
    if (from >= falls || (from >= risen && to <= falls)) return straight(to);
    if (from === 0 && to >= risen && to <= falls) return { ...given, params: { ...given.params, release: 0 } };
    const begun: Record<string, number> = given.type === "adsr" ? { attack: 0, decay: 0 } : { attack: 0 };
    return to === duration && from >= risen ? { ...given, params: { ...given.params, ...begun } } : given;
}

/** Make of a voice of a step of `duration` seconds what is heard between two times of it. */
export function cut(voice: Voice, duration: number, span: Span): void {
    // a bell that was struck before
    if (familyName(voice) === "bell" && span.from > 0) voice.params = { ...voice.params, age: tidy(Number(voice.params?.["age"] ?? 0) + span.from) };
    if (moves(voice)) cutRamps(voice, duration, span);
    if (voice.volume_envelope) voice.volume_envelope = cutEnvelope(voice.volume_envelope, duration, span);
}
