// Edits of a voice's numbers and of its form.

import type { Step, Track, Voice } from "../document";
import { defaultOf, ends, familyName, familyOf, moves, namesOf, type Parameter } from "../inspector/table";
import { behind, type Curve } from "./curves";
import { tidy } from "./placement";

/** Which end of a ramp; a still voice has one value, `start`. */
export type End = "start" | "end";

const TIMING = ["transition_duration", "transition_curve"];

/** The voice's parameters, to be written to. */
function paramsOf(voice: Voice): Record<string, unknown> {
    voice.params ??= {};
    return voice.params;
}

/** Set one end of a number. Where the other end followed it, that one stays where it was. */
export function setEnd(voice: Voice, parameter: Parameter, end: End, value: number): void {
    const names = namesOf(parameter, moves(voice));
    const before = ends(voice, parameter);
    const params = paramsOf(voice);
    const name = names.length === 2 && end === "end" ? names[1]! : names[0];
    if (name === undefined) return;
    if (names.length === 2 && end === "start" && before) params[names[1]!] ??= before[1];
    params[name] = tidy(Math.min(Math.max(value, parameter.min ?? -Infinity), parameter.max ?? Infinity));
}

/** Move one end of a curve to a value; amplitudes of both ears keep their ratio. */
export function setCurve(voice: Voice, curve: Curve, end: End, value: number): void {
    const parameters = behind(voice, curve);
    if (curve !== "level") {
        if (parameters[0]) setEnd(voice, parameters[0], end, value);
        return;
    }
    const index = end === "end" ? 1 : 0;
    const now = parameters.map((parameter) => ends(voice, parameter)?.[index] ?? 0);
    const loudest = Math.max(...now.map(Math.abs));
    for (const [place, parameter] of parameters.entries()) {
        setEnd(voice, parameter, end, loudest > 0 ? (now[place]! * value) / loudest : value);
    }
}

/** The ends of a curve, for handles: without envelope and bus. */
export function endsOf(voice: Voice, curve: Curve): [number, number] | undefined {
    const found = behind(voice, curve)
        .map((parameter) => ends(voice, parameter))
        .filter((pair) => pair !== undefined);
    if (found.length === 0) return undefined;
    return [0, 1].map((index) => found.map((pair) => pair[index]!).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))) as [number, number];
}

/** Let the numbers of a voice move: every value that it states becomes the start of a ramp. */
export function makeMoving(voice: Voice): void {
    const family = familyOf(voice);
    if (!family?.moves || moves(voice)) return;
    const params = paramsOf(voice);
    for (const parameter of family.parameters) {
        const value = params[parameter.name];
        const [start] = namesOf(parameter, true);
        if (value === undefined || start === undefined || start === parameter.name) continue;
        delete params[parameter.name];
        params[start] = value;
    }
    voice.is_transition = true;
}

/** Hold the numbers of a voice: ramps stay at their start. */
export function makeStill(voice: Voice): void {
    const family = familyOf(voice);
    if (!family || !moves(voice)) return;
    const params = paramsOf(voice);
    for (const parameter of family.parameters) {
        const names = namesOf(parameter, true);
        const value = names[0] ? params[names[0]] : undefined;
        for (const name of names) if (name !== parameter.name) delete params[name];
        if (value !== undefined && parameter.still !== false) params[parameter.name] ??= value;
    }
    for (const name of TIMING) delete params[name];
    delete voice.is_transition;
    voice.synth_function_name = familyName(voice);
}

/** A new voice, with the values of its example or none. */
export function newVoice(family: { name: string; example?: { moves: boolean; params: Record<string, unknown> } }, moving: boolean): Voice {
    const given = family.example;
    const voice: Voice = { synth_function_name: family.name, params: given ? structuredClone(given.params) : {} };
    if (given?.moves) voice.is_transition = true;
    if (moving) makeMoving(voice);
    else makeStill(voice);
    return voice;
}

/** A track of one voice, to hear what it is. */
export function sample(voice: Voice, seconds: number): Track {
    const fade = { type: "linen", params: { attack: 0.05, release: 0.3 } };
    return {
        global: { sample_rate: 44100, crossfade_duration: 0, compat: "intended", normalization: "step" },
        progression: [{ duration: seconds, voices: [{ ...voice, volume_envelope: fade }] }],
    };
}

/** An id that no voice of the track has. */
export function freshId(track: Track, name: string): string {
    const taken = new Set(track.progression.flatMap((step) => (step.voices ?? []).map((voice) => String(voice.voice_id ?? ""))));
    let number = 1;
    while (taken.has(`${name}_${number}`)) number++;
    return `${name}_${number}`;
}

/** The voices of a step, to be written to. */
export function voicesOf(step: Step): Voice[] {
    step.voices ??= [];
    return step.voices;
}

/** Say a value, or say nothing where it is the default. */
export function setValue(voice: Voice, parameter: Parameter, name: string, value: unknown): void {
    const params = paramsOf(voice);
    if (value === undefined || value === null) delete params[name];
    else if (value === defaultOf(parameter, moves(voice)) && namesOf(parameter, moves(voice)).length < 2) delete params[name];
    else params[name] = value;
}
