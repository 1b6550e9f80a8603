// What the timeline shows besides the track.

import { computed, signal } from "@preact/signals";
import type { Track } from "../document";
import { useStudio } from "../studio";
import type { Curve } from "./curves";
import { length } from "./placement";
import { tick, type View, whole, within } from "./viewport";

/** What is selected besides a step: the bed or a clip. */
export type Lane = { kind: "bed" } | { kind: "clip"; index: number };

/** Pixels that are left free at both sides, for grips. */
const INSET = 12;
export const CURVES: Curve[] = ["beat", "carrier", "level"];
/** Width below which one curve is shown at a time. */
const NARROW = 640;

/** Pixels of the lanes. */
export const width = signal(800);
/** The part that is seen; nothing: all of it. */
export const chosen = signal<View | undefined>(undefined);
export const snap = signal(true);
export const lane = signal<Lane | undefined>(undefined);
/** The curve on a narrow page. */
export const curve = signal<Curve>("beat");
/** What is said to screen readers. */
export const said = signal("");
/** What is shown about the last edit, as long as the track is as it left it. */
export const note = signal<{ text: string; track: Track } | undefined>(undefined);
export const narrow = computed(() => width.value < NARROW);

/** Seconds to pixels, and what belongs to it. */
export interface Axis {
    view: View;
    duration: number;
    width: number;
    /** Seconds that lengths snap to. */
    unit: number;
    x: (seconds: number) => number;
    seconds: (pixels: number) => number;
    /** How long so many pixels are. */
    span: (pixels: number) => number;
}

export function useAxis(): Axis {
    const { document, engine } = useStudio();
    const duration = Math.max(length(document.track.value), engine.duration.value);
    const inner = Math.max(1, width.value - 2 * INSET);
    const view = chosen.value ? within(chosen.value, duration) : whole(duration);
    return {
        view,
        duration,
        width: width.value,
        unit: tick(view, width.value, 8),
        x: (seconds) => INSET + ((seconds - view.from) / view.span) * inner,
        seconds: (pixels) => view.from + ((pixels - INSET) / inner) * view.span,
        span: (pixels) => (pixels / inner) * view.span,
    };
}

/** Show this part; nothing, if it is all. */
export function show(view: View, duration: number): void {
    const fitting = within(view, duration);
    chosen.value = fitting.span >= whole(duration).span - 1e-9 ? undefined : fitting;
}
