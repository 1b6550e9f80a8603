// Names of parameters as words: `ampOscDepthL` is "Amplitude oscillation depth, left".

const WHOLE: Record<string, string> = { am: "AM", amp: "amplitude", casc: "cascade", db: "dB", dur: "duration", freq: "frequency", fm: "FM", hf: "high-frequency", hpf: "high-pass", hrtf: "HRTF", hz: "Hz", ild: "ILD", itd: "ITD", lfo: "LFO", lpf: "low-pass", ms: "ms", osc: "oscillation", phon: "phon", qam: "QAM", rms: "RMS", sam: "SAM", tc: "time constant", us: "µs", am2: "AM 2", xover: "crossover", deg: "", rad: "", m: "", s: "" };
const UNITS = new Set(["hz", "ms", "us", "db", "deg", "rad", "m", "phon"]);

/** The words of a name, without the unit at its end. */
export function words(name: string): string {
    const parts = name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .split("_")
        .filter(Boolean);
    let ear = "";
    const last = parts.at(-1);
    if (parts.length > 1 && (last === "L" || last === "R")) {
        ear = last === "L" ? ", left" : ", right";
        parts.pop();
    }
    if (parts.length > 1 && UNITS.has(parts.at(-1)!.toLowerCase())) parts.pop();
    const text = parts.map((part) => WHOLE[part.toLowerCase()] ?? part.toLowerCase()).join(" ") + ear;
    return text.charAt(0).toUpperCase() + text.slice(1);
}
