// Making one step of two: voices that both have go from where the first one begins to where the second one ends.

import type { Envelope, Step, Track, Voice } from "../document";
import { ends, familyName, familyOf, flanger, moves, namesOf, titleOf } from "../inspector/table";
import { envelope, ramp, at as valueAt } from "./curves";
import { laps, lay, places, tidy } from "./placement";
import { glides } from "./rules";
import { idOf, label } from "./split";
import { makeMoving, voicesOf } from "./voice_edits";

/** Part of a value by which a joined voice may differ at the joint and still be the same. */
const NEAR = 1e-6;
const TIMING = ["initial_offset", "transition_duration", "transition_curve"];

/** Seconds of two steps, and of the second one's start after the first one's. */
interface Lengths {
    durations: [number, number];
    offset: number;
}

/** The voice of `step` that is the voice `place` of another step; each is taken once. */
function partner(step: Step, voice: Voice, place: number, taken: Set<number>): number {
    const is = (other: Voice, at: number) => (idOf(voice) !== "" ? idOf(other) === idOf(voice) : idOf(other) === "" && label(other, at) === label(voice, place));
    return voicesOf(step).findIndex((other, at) => !taken.has(at) && familyName(other) === familyName(voice) && is(other, at));
}

/** The envelope that begins as the first one and ends as the second one. */
function joined(one: Envelope | undefined, other: Envelope | undefined): Envelope | undefined {
    const falls = other && other.type !== "linear_fade" ? Number(other.params["release"] ?? 0.1) : 0;
    if (one?.type === "adsr" || one?.type === "linen") return { ...one, params: { ...one.params, release: falls } };
    if (one) return one;
    return falls > 0 ? { type: "linen", params: { attack: 0, release: falls } } : undefined;
}

/** Whether an envelope over both steps is the one of each step there. */
function fits(whole: Envelope | undefined, parts: (Envelope | undefined)[], { durations, offset }: Lengths): boolean {
    const points = envelope(whole, offset + durations[1]);
    return parts.every((part, at) => {
        const own = envelope(part, durations[at]!);
        // inside of every slope: a slope of no length has two values where it is
        const inside = own.slice(1).flatMap(([until], index) => {
            const from = own[index]![0];
            return until > from ? [0.25, 0.75].map((share) => from + share * (until - from)) : [];
        });
        return inside.every((when) => Math.abs(valueAt(points, when + at * offset) - valueAt(own, when)) < NEAR);
    });
}

/** The numbers of a voice that can move, by their names in a ramp. */
function numbers(voice: Voice): Map<string, [string, [number, number]]> {
    const all = [...(familyOf(voice)?.parameters ?? []), ...flanger].filter(({ kind, moving }) => kind === "number" && moving?.length === 2);
    return new Map(
        all.flatMap((parameter): [string, [string, [number, number]]][] => {
            const [start, end] = namesOf(parameter, true);
            const found = ends(voice, parameter);
            return found && start !== undefined && end !== undefined ? [[start, [end, found]]] : [];
        }),
    );
}

/** What does not move: words, flags, and numbers that ramps lack. */
function rest(voice: Voice): string {
    const moving = [...(familyOf(voice)?.parameters ?? []), ...flanger].filter((parameter) => parameter.moving?.length === 2);
    const names = new Set([...moving.flatMap((parameter) => [parameter.name, ...namesOf(parameter, true)]), ...TIMING]);
    return JSON.stringify(Object.entries(voice.params ?? {}).filter(([name]) => !names.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isStraight = ({ params }: Voice): boolean => ["linear", undefined, null].includes(params?.["transition_curve"] as string | undefined);

/** When the ramp of both voices begins and ends in the joined step. */
function timing(voices: [Voice, Voice], { durations, offset }: Lengths): [number, number] {
    const holds = voices.map((voice) => !moves(voice) || [...numbers(voice).values()].every(([, [first, last]]) => first === last));
    const [one, other] = voices.map((voice, at) => ramp(voice, durations[at]!)) as [[number, number], [number, number]];
    return [holds[0] && !holds[1] ? offset + other[0] : one[0], holds[1] && !holds[0] ? one[1] : offset + other[1]];
}

/** Let `one` go on to where `other` ends; false if it sounds otherwise than both did. */
function connect(one: Voice, other: Voice, lengths: Lengths, runs: boolean): boolean {
    const { durations, offset } = lengths;
    const parts = [one.volume_envelope, other.volume_envelope];
    const whole = runs && JSON.stringify(parts[0]) === JSON.stringify(parts[1]);
    const over = whole ? parts[0] : joined(parts[0], parts[1]);
    let same = rest(one) === rest(other) && (whole || fits(over, parts, lengths));
    if (over) one.volume_envelope = over;
    else delete one.volume_envelope;

    const [begins, goals] = [numbers(one), numbers(other)];
    const moved = [...begins].filter(([name, [, [first, seam]]]) => [seam, ...(goals.get(name)?.[1] ?? [])].some((value) => value !== first));
    same &&= begins.size === goals.size;
    if (moved.length === 0) return same;
    if (!familyOf(one)?.moves) return false;
    const [begin, end] = timing([one, other], lengths);
    same &&= isStraight(one) && isStraight(other);
    makeMoving(one);
    const params = (one.params ??= {});
    for (const [start, [stop, [first, seam]]] of moved) {
        const goal = goals.get(start)?.[1][1] ?? seam;
        [params[start], params[stop]] = [first, goal];
        const here = first + (goal - first) * Math.min(Math.max((durations[0] - begin) / (end - begin), 0), 1);
        same &&= Math.abs(here - seam) <= NEAR * Math.max(1, Math.abs(seam));
    }
    for (const name of TIMING) delete params[name];
    if (begin > 0) params["initial_offset"] = tidy(begin);
    if (end < offset + durations[1]) params["transition_duration"] = tidy(end - begin);
    return same;
}

/** Make one step of step `index` and the next one. Gives the voices that sound otherwise than before. */
export function join(draft: Track, index: number): string[] {
    const [one, other] = [draft.progression[index], draft.progression[index + 1]];
    if (!one || !other) return [];
    const [found, kept, first] = [places(draft), laps(draft), places(draft)[0]!.start];
    const offset = tidy(found[index + 1]!.start - found[index]!.start);
    const lengths: Lengths = { durations: [one.duration, other.duration], offset };
    const taken = new Set<number>();
    const changed: string[] = [];
    for (const [place, voice] of voicesOf(one).entries()) {
        const at = partner(other, voice, place, taken);
        taken.add(at);
        if (at < 0 || !connect(voice, voicesOf(other)[at]!, lengths, glides(draft) && !moves(voice))) changed.push(titleOf(voice));
    }
    for (const [at, voice] of voicesOf(other).entries()) {
        if (taken.has(at)) continue;
        voicesOf(one).push(voice);
        changed.push(titleOf(voice));
    }
    one.duration = tidy(offset + other.duration);
    for (const name of ["crossfade_duration", "crossfade_curve", "crossfade_overlap"] as const) {
        if (other[name] === undefined) delete one[name];
        else Object.assign(one, { [name]: other[name] });
    }
    draft.progression.splice(index + 1, 1);
    kept.splice(index, 1);
    lay(draft, first, kept);
    return changed;
}
