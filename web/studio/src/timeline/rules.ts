// Under which rules a track is rendered (docs/compat.md); the file is written by scripts/studio_rules.py.

import type { Track } from "../document";
import table from "./rules.json";

type Switch = keyof typeof table.switches;

/** Whether a switch is on. */
function on(track: Track, name: Switch): boolean {
    const given = track.global?.["compat"];
    const object = typeof given === "object" && given !== null ? (given as Record<string, unknown>) : { preset: given };
    const own = object[name];
    if (own !== undefined) return Boolean(own);
    const preset = String(object["preset"] ?? "").trim().toLowerCase() || "default";
    return (table.switches[name] as string[]).includes(preset);
}

/** Whether a voice that the next step repeats unchanged under its id is one sound. */
export function runsOn(track: Track): boolean {
    return !on(track, "restart_repeated_voices") && !on(track, "align_phases") && !on(track, "fade_only_crossfade");
}

/** Whether a voice also goes on with other values, with all its phases. */
export function glides(track: Track): boolean {
    return runsOn(track) && on(track, "glide_same_voice");
}

/** Whether every step is levelled by its own peaks. */
export function levelled(track: Track): boolean {
    const word = track.global?.["normalization"];
    return word === undefined || word === null ? !on(track, "absolute_levels") : word !== "none";
}
