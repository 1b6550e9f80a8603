// Where steps lie on the axis of time (docs/spec/assembly.md, 2 and 3), and edits that move them.

import type { Step, Track } from "../document";

/** A step on the axis; seconds. */
export interface Place {
    start: number;
    end: number;
}

/** Shortest step that can be made by hand. */
const SHORTEST = 0.1;
/** Start times that differ by less are the same. */
const SAME = 1e-6;

const crossfade = (track: Track): number => {
    const { crossfade_duration: seconds = 1, crossfade_overlap: overlap = 1 } = track.global ?? {};
    return Math.max(0, seconds) * Number(overlap);
};

/** Starts of steps that do not state one. */
function loaded(track: Track, durations: number[], stated: (number | null | undefined)[]): number[] {
    const fade = crossfade(track);
    let now = 0;
    return durations.map((duration, index) => {
        const given = stated[index];
        if (given === undefined || given === null) {
            const start = now;
            now += fade > 0 ? Math.max(0, duration - fade) : duration;
            return start;
        }
        now = Math.max(now, given + duration);
        return Math.max(0, given);
    });
}

const placed = new WeakMap<Track, Place[]>();

/** Start and end of every step. */
export function places(track: Track): Place[] {
    // a snapshot does not change
    if (!Object.isFrozen(track)) return place(track);
    const found = placed.get(track) ?? place(track);
    placed.set(track, found);
    return found;
}

function place(track: Track): Place[] {
    const steps = track.progression;
    const durations = steps.map((step) => Math.max(0, step.duration));
    const starts = loaded(track, durations, steps.map((step) => step.start));
    return starts.map((start, index) => ({ start, end: start + durations[index]! }));
}

/** Seconds that each step overlaps with the next one; negative: a gap. */
export function laps(track: Track): number[] {
    const found = places(track);
    return found.slice(1).map((next, index) => found[index]!.end - next.start);
}

/** Length of the track as its steps, bed and clips state it. */
export function length(track: Track): number {
    const ends = places(track).map(({ end }) => end);
    const clips = (track.overlay_clips ?? []).map((clip) => {
        const { start = 0, duration } = clip as { start?: number; duration?: number };
        return Math.max(0, start) + (duration ?? 0);
    });
    return Math.max(0, ...ends, ...clips);
}

/** How a step fades into the next one, in seconds, by its own words or those of the track. */
export function fadeOf(track: Track, index: number): number {
    const step = track.progression[index];
    const { crossfade_duration: seconds = 1, crossfade_overlap: overlap = 1 } = track.global ?? {};
    return Math.max(0, step?.crossfade_duration ?? seconds) * Number(step?.crossfade_overlap ?? overlap);
}

/** Lay steps out one after the other with these overlaps, in the fewest words. */
export function lay(draft: Track, first: number, wanted: number[]): void {
    const steps = draft.progression;
    const starts: number[] = [];
    for (const [index, step] of steps.entries()) {
        const before = steps[index - 1];
        starts.push(before ? Math.max(0, starts[index - 1]! + before.duration - wanted[index - 1]!) : first);
        // an overlap is a crossfade only where a fade is stated
        if (before && wanted[index - 1]! > SAME) fadeFor(draft, before, wanted[index - 1]!);
        if (step.start === null) delete step.start;
    }
    const implicit = loaded(draft, steps.map((step) => step.duration), []);
    const same = implicit.every((start, index) => Math.abs(start - starts[index]!) < SAME);
    for (const [index, step] of steps.entries()) {
        if (same) delete step.start;
        else step.start = tidy(starts[index]!);
    }
}

/** State the fade of a step, unless the track says the same. */
function fadeFor(draft: Track, step: Step, seconds: number): void {
    const overlap = Number(step.crossfade_overlap ?? draft.global?.crossfade_overlap ?? 1) || 1;
    const wanted = tidy(seconds / overlap);
    if (Math.abs(wanted - (draft.global?.crossfade_duration ?? 1)) < SAME) delete step.crossfade_duration;
    else step.crossfade_duration = wanted;
}

/** Without the noise of floating point. */
export function tidy(value: number): number {
    return Number(value.toPrecision(10));
}

/** How far a step can be shortened: not into its own crossfades. */
export function shortest(track: Track, index: number): number {
    const found = laps(track);
    return Math.max(SHORTEST, found[index - 1] ?? 0, found[index] ?? 0);
}

/** Give a step a length; what follows moves along. */
export function resize(draft: Track, index: number, duration: number): void {
    const step = draft.progression[index];
    if (!step) return;
    const first = places(draft)[0]?.start ?? 0;
    const kept = laps(draft);
    step.duration = tidy(Math.max(duration, shortest(draft, index)));
    lay(draft, first, kept);
}

/** Longest crossfade between a step and the next one. */
export function longestLap(track: Track, index: number): number {
    const [one, next] = [track.progression[index], track.progression[index + 1]];
    return one && next ? Math.min(one.duration, next.duration) : 0;
}

/** Give the crossfade between a step and the next one a length. */
export function overlap(draft: Track, index: number, seconds: number): void {
    const kept = laps(draft);
    if (kept[index] === undefined) return;
    const first = places(draft)[0]?.start ?? 0;
    kept[index] = tidy(Math.min(Math.max(seconds, 0), longestLap(draft, index)));
    lay(draft, first, kept);
}

/** Overlap with the next one, by each step: the last one has that of the track. */
function withLast(draft: Track): number[] {
    return [...laps(draft), crossfade(draft)];
}

/** Lay out steps whose order has changed. */
function layAll(draft: Track, first: number, kept: number[]): void {
    const steps = draft.progression;
    const fitting = steps.slice(1).map((next, index) => Math.min(kept[index]!, steps[index]!.duration, next.duration));
    lay(draft, first, fitting);
}

/** Move a step to another place in the order. */
export function reorder(draft: Track, from: number, to: number): void {
    const steps = draft.progression;
    if (!steps[from] || to < 0 || to >= steps.length || from === to) return;
    const first = places(draft)[0]?.start ?? 0;
    const kept = withLast(draft);
    steps.splice(to, 0, ...steps.splice(from, 1));
    kept.splice(to, 0, ...kept.splice(from, 1));
    layAll(draft, first, kept);
}

/** Take a step away. */
export function remove(draft: Track, index: number): void {
    if (!draft.progression[index]) return;
    const first = places(draft)[0]?.start ?? 0;
    const kept = withLast(draft);
    draft.progression.splice(index, 1);
    kept.splice(index, 1);
    layAll(draft, first, kept);
}

/** Put a step behind another one (`-1`: at the start). */
export function insert(draft: Track, after: number, step: Step): void {
    const first = places(draft)[0]?.start ?? 0;
    const kept = withLast(draft);
    draft.progression.splice(after + 1, 0, step);
    kept.splice(after + 1, 0, crossfade(draft));
    layAll(draft, first, kept);
}

/** A step once more, right behind itself. */
export function duplicate(draft: Track, index: number): void {
    const step = draft.progression[index];
    if (!step) return;
    const copy = JSON.parse(JSON.stringify(step)) as Step;
    delete copy.start;
    insert(draft, index, copy);
}
