// What the views show, computed from the samples as they come; nothing is computed that nobody looks at.

import { Beats, type BeatSpectrum, peak } from "./beat";
import { Correlation } from "./correlation";
import { Loudness } from "./loudness";
import { bands, Spectra } from "./spectrum";

export type Part = "beat" | "spectrogram" | "levels" | "stereo";
/** Rows of the spectrogram, and the frequencies they go over. */
export const ROWS = 160;
export const LOWEST = 40;
export const HIGHEST = 16_000;
/** Blocks from one beat spectrum to the next. */
const BEAT_EVERY = 4;
/** Blocks from one column of the spectrogram to the next: windows overlap by a half. */
const COLUMN_EVERY = 2;
const NAMES = ["left", "right", "between"] as const;

export interface Peak {
    hz: number;
    depth: number;
}

export class Analysis {
    readonly loudness: Loudness;
    readonly correlation: Correlation;
    readonly seen = new Set<Part>();
    /** The last block, for the goniometer. */
    readonly last: Float32Array;
    /** Columns of the spectrogram that were not drawn yet: decibels of the left ear, then of the right. */
    readonly columns: Float32Array[] = [];
    /** Counts the columns. */
    made = 0;
    beat: BeatSpectrum | undefined;
    readonly peaks: Record<(typeof NAMES)[number], Peak | undefined> = { left: undefined, right: undefined, between: undefined };
    /** Largest sample of each ear of the last block. */
    readonly peak: [number, number] = [0, 0];
    /** Counts the blocks. */
    blocks = 0;
    /** Counts the beat spectra. */
    spectra = 0;
    readonly #beats: Beats;
    readonly #spectra: Spectra;

    constructor(readonly rate: number) {
        this.loudness = new Loudness(rate);
        this.correlation = new Correlation(rate);
        this.#beats = new Beats(rate);
        this.#spectra = new Spectra(rate);
        this.last = new Float32Array(4096);
    }

    push(samples: Float32Array): void {
        this.blocks++;
        this.last.set(samples.subarray(0, this.last.length));
        if (this.seen.has("levels")) {
            this.loudness.push(samples);
            this.peak.fill(0);
            for (let i = 0; i < samples.length; i++) this.peak[i & 1] = Math.max(this.peak[i & 1]!, Math.abs(samples[i]!));
        }
        if (this.seen.has("stereo")) this.correlation.push(samples);
        if (this.seen.has("beat")) {
            this.#beats.push(samples);
            if (this.blocks % BEAT_EVERY === 0) this.#look();
        }
        if (this.seen.has("spectrogram")) {
            this.#spectra.push(samples);
            if (this.blocks % COLUMN_EVERY !== 0) return;
            this.#spectra.transform();
            const column = this.columns.length > 100 ? this.columns.shift()! : new Float32Array(2 * ROWS);
            for (const ear of [0, 1] as const) {
                bands(this.#spectra.power[ear], this.#spectra.step, LOWEST, HIGHEST, ROWS, column.subarray(ear * ROWS, (ear + 1) * ROWS));
            }
            this.columns.push(column);
            this.made++;
        }
    }

    #look(): void {
        this.beat = this.#beats.spectrum();
        this.spectra++;
        for (const name of NAMES) this.peaks[name] = this.beat && peak(this.beat[name], this.beat.step);
    }
}
