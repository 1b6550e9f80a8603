// Names of parameters as words: `ampOscDepthL` is "Amplitude oscillation depth, left". Languages other than English have a
// table of them.

import { ofParameter, t } from "../i18n";

const WHOLE: Record<string, string> = { am: "AM", amp: "amplitude", casc: "cascade", db: "dB", dur: "duration", freq: "frequency", fm: "FM", hf: "high-frequency", hpf: "high-pass", hrtf: "HRTF", hz: "Hz", ild: "ILD", itd: "ITD", lfo: "LFO", lpf: "low-pass", ms: "ms", osc: "oscillation", phon: "phon", qam: "QAM", rms: "RMS", sam: "SAM", tc: "time constant", us: "µs", am2: "AM 2", xover: "crossover", deg: "", rad: "", m: "", s: "", lrad: "left", rrad: "right" };
const UNITS = new Set(["hz", "ms", "us", "db", "deg", "rad", "m", "phon"]);

/** A name without the letter of an ear at its end, and that letter. */
export function withoutEar(name: string): [string, "L" | "R" | ""] {
    const [, rest, ear] = /^(.*(?:[a-z0-9]|_))([LR])$/.exec(name) ?? [];
    return rest && ear ? [rest.replace(/_$/, ""), ear as "L" | "R"] : [name, ""];
}

/** The words of a name, without the unit at its end. */
export function words(name: string): string {
    const [base, side] = withoutEar(name);
    const ear = side && `, ${t(side === "L" ? "leftEar" : "rightEar")}`;
    return (ofParameter(base) ?? english(base)) + ear;
}

function english(name: string): string {
    const parts = name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .split("_")
        .filter(Boolean);
    if (parts.length > 1 && UNITS.has(parts.at(-1)!.toLowerCase())) parts.pop();
    const text = parts.map((part) => WHOLE[part.toLowerCase()] ?? part.toLowerCase()).join(" ");
    return text.charAt(0).toUpperCase() + text.slice(1);
}
