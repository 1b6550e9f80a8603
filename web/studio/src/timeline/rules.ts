// Under which rules a track is rendered, as far as the timeline asks (docs/compat.md).

import type { Track } from "../document";

/** Switches and the presets in which they are on. */
const PRESETS = {
    align_phases: ["legacy"],
    fade_only_crossfade: ["legacy"],
    restart_repeated_voices: ["legacy"],
    glide_same_voice: ["intended"],
    absolute_levels: ["intended"],
};

/** Whether a switch is on. */
function on(track: Track, name: keyof typeof PRESETS): boolean {
    const given = track.global?.["compat"];
    const object = typeof given === "object" && given !== null ? (given as Record<string, unknown>) : { preset: given };
    const own = object[name];
    return own === undefined ? PRESETS[name].includes(String(object["preset"] ?? "default")) : Boolean(own);
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
