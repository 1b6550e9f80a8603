// Numbers in fields: reading, writing, and sliders whose scale makes sense.

import type { Parameter } from "./table";

/** What a slider goes over. */
interface Scale {
    low: number;
    high: number;
    /** Positions are spread evenly over the logarithm, from `low` above 0. */
    log: boolean;
    /** The lowest position is 0, which stands for off. */
    off: boolean;
    /** What the arrow keys move by. */
    step: number;
}

/** What a text stands for, or what is wrong with it. */
export type Reading = { value: number | undefined } | { wrong: "number" | "least" | "most" | "whole"; limit?: number };

/** Read a field; an empty one means the default. A decimal comma is taken. */
export function read(text: string, parameter: Pick<Parameter, "min" | "max" | "kind">): Reading {
    const trimmed = text.trim().replace(",", ".");
    if (trimmed === "") return { value: undefined };
    const value = Number(trimmed);
    if (!Number.isFinite(value)) return { wrong: "number" };
    if (parameter.kind === "integer" && !Number.isInteger(value)) return { wrong: "whole" };
    if (parameter.min !== undefined && value < parameter.min) return { wrong: "least", limit: parameter.min };
    if (parameter.max !== undefined && value > parameter.max) return { wrong: "most", limit: parameter.max };
    return { value };
}

/** A number as it is shown: no noise of floating point, no grouping. */
export function shown(value: number): string {
    return String(Number(value.toPrecision(7)));
}

/** The scale that suits a parameter, with room above `value`. */
export function scaleOf(parameter: Parameter, value: number): Scale {
    const scale = usual(parameter);
    const low = Math.max(Math.min(scale.low, value), parameter.min ?? -Infinity);
    const room = value > scale.high ? scale.high * 2 ** Math.ceil(Math.log2((1.25 * value) / scale.high)) : scale.high;
    const high = Math.min(room, parameter.max ?? Infinity);
    return { ...scale, low: scale.log && low <= 0 ? scale.low : low, high, off: scale.log && parameter.default === 0 };
}

function usual({ name, unit, min, max, kind, default: fallback }: Parameter): Scale {
    const scale = (low: number, high: number, step: number, log = false): Scale => ({ low, high, step, log, off: false });
    const bounded = min !== undefined && max !== undefined && max - min <= 1000;
    if (kind === "integer") return scale(min ?? 0, Math.min(max ?? 16, 64), 1);
    if (bounded) return scale(min, max, (max - min) / 200);
    const pitch = unit === "Hz" && /carrier|base|cutoff|_hz$|Lpf|Hpf|Xover/i.test(name) && !/^(rate|stereo_width)_hz$/.test(name);
    if (pitch) return scale(20, /_hz$|cutoff|Lpf|Hpf/.test(name) ? 20_000 : 2000, 1, true);
    if (unit === "Hz") return scale(0, /range|width/i.test(name) ? 50 : 45, 0.1);
    if (unit === "rad") return scale(-Math.PI, Math.PI, 0.01);
    if (unit === "deg") return scale(-360, 360, 1);
    if (unit === "deg/s") return scale(0, 360, 1);
    if (unit === "cycles") return scale(0, 1, 0.01);
    if (unit === "ms") return scale(0, 200, 1);
    if (unit === "us") return scale(0, 1000, 10);
    if (unit === "s") return scale(0, 60, 0.1);
    if (unit === "dB") return scale(-40, 40, 0.5);
    if (unit === "m") return scale(0, 10, 0.01);
    if (/pan|skew|feedback/i.test(name)) return scale(-1, 1, 0.01);
    const most = typeof fallback === "number" && fallback > 1 ? 2 ** Math.ceil(Math.log2(2 * fallback)) : 1;
    return scale(0, Math.min(max ?? most, 1000), most / 100);
}

/** Where a value is on its scale, 0 to 1. */
export function toSlider(value: number, { low, high, log }: Scale): number {
    if (high <= low) return 0;
    if (!log) return Math.min(Math.max((value - low) / (high - low), 0), 1);
    if (value < low) return 0;
    return Math.min(Math.log(value / low) / Math.log(high / low), 1);
}

/** The value at a place of its scale, rounded to what can be seen. */
export function fromSlider(position: number, { low, high, log, step, off }: Scale): number {
    if (off && position <= 0) return 0;
    const value = log ? low * (high / low) ** position : low + position * (high - low);
    const fine = log ? 10 ** Math.max(-3, Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3))) - 2) : step;
    return Number((Math.round(value / fine) * fine).toPrecision(7));
}
