// Which part of the track is seen, and round numbers for its axes.

/** The part of the track from `from` on, `span` seconds long. */
export interface View {
    from: number;
    span: number;
}

/** Seconds that fill the width at most zoom. */
const CLOSEST = 0.5;
/** Part of the track that is left free behind its end, for handles. */
const ROOM = 0.02;
const TIMES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200];

export const whole = (duration: number): View => ({ from: 0, span: Math.max(CLOSEST, duration * (1 + ROOM)) });

/** The same view, within the track. */
export function within(view: View, duration: number): View {
    const all = whole(duration).span;
    const span = Math.min(Math.max(view.span, Math.min(CLOSEST, all)), all);
    return { from: Math.min(Math.max(view.from, 0), all - span), span };
}

/** Show `factor` times less, with `anchor` (seconds) where it is. */
export function zoomed(view: View, factor: number, anchor: number, duration: number): View {
    const span = within({ from: 0, span: view.span / factor }, duration).span;
    const share = (anchor - view.from) / view.span;
    return within({ from: anchor - share * span, span }, duration);
}

/** Seconds between marks that are at least `least` pixels apart. */
export function tick(view: View, width: number, least: number): number {
    const seconds = (least * view.span) / Math.max(width, 1);
    return TIMES.find((unit) => unit >= seconds) ?? 86_400;
}

/** Multiples of `unit` that are seen. */
export function ticks(view: View, unit: number): number[] {
    const first = Math.ceil(view.from / unit - 1e-9);
    const last = Math.floor((view.from + view.span) / unit + 1e-9);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * unit);
}

/** Minutes and seconds, with tenths if `unit` is below a second. */
export function clock(seconds: number, unit = 1): string {
    const places = unit < 1 ? 1 : 0;
    const rounded = Number(seconds.toFixed(places));
    const minutes = Math.floor(rounded / 60);
    const rest = (rounded - 60 * minutes).toFixed(places).padStart(places ? 4 : 2, "0");
    return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** A length in words that are short: `50 s`, `1:30`. */
export function span(seconds: number): string {
    return seconds < 60 ? `${Number(seconds.toFixed(2))} s` : clock(seconds, Number.isInteger(seconds) ? 1 : 0.1);
}

/** 1, 2 or 5 times a power of ten, at least `value`. */
function round125(value: number): number {
    const power = 10 ** Math.floor(Math.log10(value));
    const step = [1, 2, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
    return Number((step * power).toPrecision(3));
}

/** An axis of values. */
export interface Axis {
    low: number;
    high: number;
    unit: number;
}

/** An axis that holds all values, with about `count` marks; from 0 on if `zero`. */
export function axis(values: number[], count: number, zero: boolean): Axis {
    const finite = values.filter(Number.isFinite);
    let low = finite.length > 0 ? Math.min(...finite) : 0;
    let high = finite.length > 0 ? Math.max(...finite) : 1;
    if (zero) low = Math.min(low, 0);
    if (high - low < 1e-9) [low, high] = zero ? [low, low + (high || 1) || 1] : [low - Math.abs(low) * 0.1 - 1, high + Math.abs(high) * 0.1 + 1];
    const unit = round125((high - low) / count);
    // some room above, so that handles can go up
    const top = Math.ceil((high + 0.25 * unit) / unit) * unit;
    const bottom = zero && low >= 0 ? 0 : Math.floor((low - 0.25 * unit) / unit) * unit;
    return { low: Number(bottom.toPrecision(10)), high: Number(top.toPrecision(10)), unit };
}

/** The multiple of `unit` next to a value. */
export function snapped(value: number, unit: number): number {
    return Number((Math.round(value / unit) * unit).toPrecision(10));
}
