// Cutting a step in two, so that the same is heard (docs/spec/assembly.md, 5.2 to 5.6).

import type { Step, Track, Voice } from "../document";
import { familyName, familyOf, moves, titleOf } from "../inspector/table";
import { cut, plateau } from "./part";
import { laps, lay, places, tidy } from "./placement";
import { glides, levelled, runsOn } from "./rules";
import { freshId } from "./voice_edits";

/** Shortest part of a step. */
const SHORTEST = 0.1;
/** Overlap of the parts, if there are voices that begin anew in the second one. */
const OVERLAP = 0.5;
/** Voices that move and are crossfaded, whatever the rules. */
const CROSSFADED = ["noise_swept_notch", "noise_generator", "spatial_angle_modulation"];
/** Parameters of stages with a memory of their own, which a short glide does not go through. */
const STAGES = ["spatialEnable", "spatial", "harmonicSuppression", "startHarmonicSuppression", "endHarmonicSuppression", "flangeEnable"];
/** Voices that go on without an id if they hold their values. */
const NEED_ID = ["bell", "subliminal_encode", "noise_swept_notch", "noise_generator", "steady_noise"];

/** A cut that can be made. */
export interface Cut {
    /** The step. */
    index: number;
    /** Where, in seconds of the step: not always where it was asked for. */
    at: number;
    overlap: number;
    /** Voices that are crossfaded with themselves at the cut. */
    crossfaded: string[];
    /** Whether it is elsewhere than it was asked for: in crossfades and in slopes of envelopes there is none. */
    moved: boolean;
    /** Whether each part is levelled by its own peaks. */
    levelled: boolean;
}

/** How a voice goes on: as one sound with the same values, as one that moves on, or crossfaded with itself. */
type Onward = "same" | "moves" | "fades";

/** The id of a voice; empty: none. */
export const idOf = (voice: Voice): string => String(voice.voice_id ?? "").trim();
/** Who a voice without an id is. */
export const label = (voice: Voice, place: number): string =>
    [voice["voice_type"], voice.synth_function_name, String(voice.description ?? "").trim() || String(voice.name ?? "").trim() || place].join("\n");

/** Whether a voice without an id is known by its name or place in a neighbouring step, which an id would end. */
function isKnown(track: Track, step: number, place: number): boolean {
    const own = label(track.progression[step]!.voices![place]!, place);
    return [step - 1, step + 1].some((index) =>
        track.progression[index]?.voices?.some((voice, other) => idOf(voice) === "" && label(voice, other) === own),
    );
}

/** Whether a voice has an id, or can get one without a change elsewhere. A bell has nothing that goes on. */
function isNamed(track: Track, step: number, place: number): boolean {
    const voice = track.progression[step]!.voices![place]!;
    return idOf(voice) !== "" || familyName(voice) === "bell" || !isKnown(track, step, place);
}

function onward(track: Track, step: number, place: number): Onward {
    const voice = track.progression[step]!.voices![place]!;
    const family = familyOf(voice);
    if (!family || !runsOn(track)) return "fades";
    const named = isNamed(track, step, place);
    if (!moves(voice)) {
        if (glides(track)) return named || !NEED_ID.includes(family.name) ? "same" : "fades";
        return named && !voice.volume_envelope ? "same" : "fades";
    }
    const params = voice.params ?? {};
    const able = glides(track) && named && !CROSSFADED.includes(familyName(voice));
    return able && !STAGES.some((name) => params[name]) ? "moves" : "fades";
}

/** Where step `index` is cut for the second `seconds` of the track; nothing if it cannot be cut. */
export function cutAt(track: Track, index: number, seconds: number): Cut | undefined {
    const step = track.progression[index];
    if (!step) return undefined;
    const voices = step.voices ?? [];
    const kinds = voices.map((_, place) => onward(track, index, place));
    const crossfaded = voices.filter((_, place) => kinds[place] === "fades").map(titleOf);
    const overlap = crossfaded.length > 0 ? Math.min(OVERLAP, step.duration / 8) : 0;
    const lapped = laps(track);
    const room = SHORTEST + overlap;
    let least = Math.max(room, (lapped[index - 1] ?? 0) + overlap);
    let most = step.duration - Math.max(room, (lapped[index] ?? 0) + overlap);
    const asked = seconds - places(track)[index]!.start;
    for (const [place, voice] of voices.entries()) {
        const given = voice.volume_envelope;
        if (!given || kinds[place] === "same") continue;
        const [risen, falls] = plateau(given, step.duration);
        // a voice that goes on does not rise again, and no envelope both rises late and falls at the end
        const rises = given.type !== "linear_fade" || (kinds[place] === "moves" && Number(given.params["start_amp"]) < Number(given.params["end_amp"]));
        if (!rises) continue;
        least = Math.max(least, risen + overlap / 2);
        most = Math.min(most, falls - overlap / 2);
    }
    if (asked <= 0 || asked >= step.duration || least > most) return undefined;
    const wanted = Math.round(asked * 100) / 100;
    const at = tidy(Math.min(Math.max(wanted, least), most));
    const one = kinds.every((kind) => kind === "same");
    return { index, at, overlap, crossfaded, moved: at !== wanted, levelled: levelled(track) && !one && voices.length > 0 };
}

/** Cut a step in two. */
export function split(draft: Track, { index, at, overlap }: Cut): void {
    const step = draft.progression[index]!;
    const { duration } = step;
    const [first, kept] = [places(draft)[0]!.start, laps(draft)];
    const kinds = (step.voices ?? []).map((_, place) => onward(draft, index, place));
    for (const [place, voice] of (step.voices ?? []).entries()) {
        if (idOf(voice) === "" && kinds[place] !== "fades" && isNamed(draft, index, place)) voice.voice_id = freshId(draft, familyName(voice));
    }
    const second = JSON.parse(JSON.stringify(step)) as Step;
    const parts: [Step, { from: number; to: number }][] = [
        [step, { from: 0, to: at + overlap / 2 }],
        [second, { from: at - overlap / 2, to: duration }],
    ];
    for (const [part, span] of parts) {
        for (const [place, voice] of (part.voices ?? []).entries()) if (kinds[place] !== "same") cut(voice, duration, span);
        part.duration = tidy(span.to - span.from);
    }
    delete step.crossfade_overlap;
    step.crossfade_duration = overlap;
    draft.progression.splice(index + 1, 0, second);
    kept.splice(index, 0, overlap);
    lay(draft, first, kept);
    // what is the same in both is not made louder by fading it
    if (overlap > 0) step.crossfade_curve = "linear";
}
