// Making one step of two: voices that both have go from where the first one begins to where the second one ends.

import type { Envelope, Step, Track, Voice } from "../document";
import { ends, familyName, familyOf, flanger, moves, namesOf, titleOf } from "../inspector/table";
import { ramp } from "./curves";
import { laps, lay, places, tidy } from "./placement";
import { idOf, label } from "./split";
import { makeMoving, voicesOf } from "./voice_edits";

/** Part of a value by which a joined voice may differ at the joint and still be the same. */
const NEAR = 1e-6;

/** The voice of `step` that is the voice `place` of another step; each is taken once. */
function partner(step: Step, voice: Voice, place: number, taken: Set<number>): number {
    const is = (other: Voice, at: number) => (idOf(voice) !== "" ? idOf(other) === idOf(voice) : idOf(other) === "" && label(other, at) === label(voice, place));
    return voicesOf(step).findIndex((other, at) => !taken.has(at) && familyName(other) === familyName(voice) && is(other, at));
}

/** The envelope that begins as the first one and ends as the second one. */
function envelopes(one: Envelope | undefined, other: Envelope | undefined): Envelope | undefined {
    const falls = other && other.type !== "linear_fade" ? Number(other.params["release"] ?? 0.1) : 0;
    if (one?.type === "adsr" || one?.type === "linen") return { ...one, params: { ...one.params, release: falls } };
    if (one) return one;
    return falls > 0 ? { type: "linen", params: { attack: 0, release: falls } } : undefined;
}

/** The parts of a curve that both voices have in common: when it begins and ends in the joined step. */
function timing(voices: [Voice, Voice], durations: [number, number], offset: number): [number, number] {
    const still = (voice: Voice) => !moves(voice) || pairs(voice).every(([, [first, last]]) => first === last);
    const [one, other] = voices.map((voice, at) => ramp(voice, durations[at]!)) as [[number, number], [number, number]];
    return [still(voices[0]) && !still(voices[1]) ? offset + other[0] : one[0], still(voices[1]) && !still(voices[0]) ? one[1] : offset + other[1]];
}

/** The numbers of a voice that can move. */
function pairs(voice: Voice): [string[], [number, number]][] {
    return [...(familyOf(voice)?.parameters ?? []), ...flanger].flatMap((parameter): [string[], [number, number]][] => {
        const found = parameter.kind === "number" && parameter.moving?.length === 2 ? ends(voice, parameter) : undefined;
        return found ? [[namesOf(parameter, true), found]] : [];
    });
}

/** Let `one` go on to where `other` ends; false if it passes the joint with other values than before. */
function connect(one: Voice, other: Voice, durations: [number, number], offset: number): boolean {
    if (other.volume_envelope || one.volume_envelope) {
        const joined = envelopes(one.volume_envelope, other.volume_envelope);
        if (joined) one.volume_envelope = joined;
        else delete one.volume_envelope;
    }
    const [values, goals] = [pairs(one), pairs(other)];
    const moving = [one, other].some((voice) => pairs(voice).some(([, [first, last]]) => first !== last));
    const differs = moving || values.some(([, [first]], at) => first !== goals[at]?.[1][0]);
    if (!differs) return JSON.stringify(one.params) === JSON.stringify(other.params);
    if (!familyOf(one)?.moves) return false;
    const [begin, end] = timing([one, other], durations, offset);
    const whole = durations[1] + offset;
    const straight = ["linear", undefined].includes(one.params?.["transition_curve"] as string | undefined) && !other.params?.["transition_curve"];
    makeMoving(one);
    const params = (one.params ??= {});
    let same = straight;
    for (const [at, [names, [first, seam]]] of values.entries()) {
        const goal = goals[at]?.[1];
        if (!goal || (first === goal[1] && seam === first && goal[0] === first)) continue;
        [params[names[0]!], params[names[1]!]] = [first, goal[1]];
        const here = first + (goal[1] - first) * Math.min(Math.max((durations[0] - begin) / (end - begin), 0), 1);
        same &&= Math.abs(here - seam) <= NEAR * Math.max(1, Math.abs(seam));
    }
    for (const name of ["initial_offset", "transition_duration", "transition_curve"]) delete params[name];
    if (begin > 0) params["initial_offset"] = tidy(begin);
    if (end < whole) params["transition_duration"] = tidy(end - begin);
    return same;
}

/** Make one step of step `index` and the next one. Gives the voices that sound otherwise than before. */
export function join(draft: Track, index: number): string[] {
    const [one, other] = [draft.progression[index], draft.progression[index + 1]];
    if (!one || !other) return [];
    const [found, kept, first] = [places(draft), laps(draft), places(draft)[0]!.start];
    const offset = tidy(found[index + 1]!.start - found[index]!.start);
    const durations: [number, number] = [one.duration, other.duration];
    const taken = new Set<number>();
    const changed: string[] = [];
    for (const [place, voice] of voicesOf(one).entries()) {
        const at = partner(other, voice, place, taken);
        taken.add(at);
        if (at < 0 || !connect(voice, voicesOf(other)[at]!, durations, offset)) changed.push(titleOf(voice));
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
