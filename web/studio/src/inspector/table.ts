// What the engine's tables say of voices: the file is written by scripts/studio_voices.py.

import type { Voice } from "../document";
import table from "./voices.json";

export type Kind = "number" | "integer" | "flag" | "choice" | "text" | "structure" | "file" | "files";

/** A parameter of a voice, in both of its forms. */
export interface Parameter {
    /** In the static form, and what the parameter is called. */
    name: string;
    /** Names in the moving form, start and end of a ramp; absent: the same name; empty: not in that form. */
    moving?: string[];
    /** False: only the moving form has it. */
    still?: boolean;
    group: string;
    kind: Kind;
    unit?: string;
    default?: number | boolean | string;
    movingDefault?: number | boolean | string;
    about?: string;
    choices?: string[];
    min?: number;
    max?: number;
}

export interface Family {
    name: string;
    summary: string;
    /** For listeners. */
    about: string;
    /** Whether there is a moving form. */
    moves: boolean;
    carrier: string | null;
    beat: string | null;
    /** Parameters that set how loud it is. */
    level: string[];
    parameters: Parameter[];
    example?: { moves: boolean; params: Record<string, unknown> };
}

const SUFFIX = "_transition";

export const families: Family[] = table.families as unknown as Family[];
export const flanger: Parameter[] = table.flanger as unknown as Parameter[];
const byName = new Map(families.map((family) => [family.name, family]));

/** What a voice is, without the form. */
export function familyName(voice: Voice): string {
    const name = String(voice.synth_function_name ?? "");
    return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
}

export function familyOf(voice: Voice): Family | undefined {
    return byName.get(familyName(voice));
}

/** Whether a voice is in its moving form. */
export function moves(voice: Voice): boolean {
    return Boolean(voice.is_transition) || String(voice.synth_function_name ?? "").endsWith(SUFFIX);
}

/** `qam_beat` as words: "QAM beat". */
export function spoken(name: string): string {
    return name.replaceAll("_", " ").replace(/\b(am|qam|sam2)\b/g, (letters) => letters.toUpperCase());
}

/** What a voice is called in lists. */
export function titleOf(voice: Voice): string {
    return String(voice.description || voice.name || spoken(familyName(voice)));
}

/** The names under which a voice holds a parameter: one, or start and end; none if its form lacks it. */
export function namesOf(parameter: Parameter, moving: boolean): string[] {
    if (moving) return parameter.moving ?? [parameter.name];
    return parameter.still === false ? [] : [parameter.name];
}

/** The parameter called `name`. */
export function parameterOf(family: Family | undefined, name: string | null | undefined): Parameter | undefined {
    return name ? family?.parameters.find((one) => one.name === name) : undefined;
}

/** What a parameter is if the voice does not say. */
export function defaultOf(parameter: Parameter, moving: boolean): number | boolean | string | undefined {
    return (moving ? parameter.movingDefault : undefined) ?? parameter.default;
}

/** Start and end of a number over a step; nothing if it is not a number. */
export function ends(voice: Voice, parameter: Parameter): [number, number] | undefined {
    const moving = moves(voice);
    const params = voice.params ?? {};
    const read = (...names: string[]) => names.map((name) => params[name]).find((value) => value !== undefined && value !== null);
    const fallback = defaultOf(parameter, moving);
    const names = namesOf(parameter, moving);
    const first = read(...(names[0] ? [names[0]] : []), parameter.name) ?? fallback;
    const last = moving && names.length === 2 ? (read(names[1]!) ?? first) : first;
    const found = [first, last].map((value) => (value === undefined ? Number.NaN : Number(value)));
    return found.every(Number.isFinite) ? [found[0]!, found[1]!] : undefined;
}

/** Whether a value is stated and differs from the default. */
export function differs(voice: Voice, parameter: Parameter): boolean {
    const moving = moves(voice);
    const fallback = defaultOf(parameter, moving);
    return namesOf(parameter, moving).some((name) => {
        const value = voice.params?.[name];
        return value !== undefined && value !== null && value !== fallback;
    });
}
