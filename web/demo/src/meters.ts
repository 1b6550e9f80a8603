// Level meters and spectrum of what a player puts out.

import { colour, element, fresh } from "./page.js";

const FLOOR_DB = -60;
/** Decibels per frame of the screen that a meter falls by. */
const FALL_DB = 0.8;
const LOWEST_HZ = 20;
const HIGHEST_HZ = 20_000;

export class Meters {
    readonly #sides: { analyser: AnalyserNode; meter: HTMLMeterElement; level: number }[];
    readonly #spectrum: AnalyserNode;
    readonly #samples: Float32Array<ArrayBuffer>;
    readonly #bins: Float32Array<ArrayBuffer>;
    readonly #canvas = element<HTMLCanvasElement>("spectrum");

    constructor(source: AudioNode) {
        const { context } = source;
        const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
        source.connect(splitter);
        this.#sides = ["left", "right"].map((id, side) => {
            const analyser = new AnalyserNode(context, { fftSize: 2048 });
            splitter.connect(analyser, side);
            return { analyser, meter: element<HTMLMeterElement>(id), level: FLOOR_DB };
        });
        this.#spectrum = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0.7 });
        source.connect(this.#spectrum);
        this.#samples = new Float32Array(2048);
        this.#bins = new Float32Array(this.#spectrum.frequencyBinCount);
    }

    draw(): void {
        for (const side of this.#sides) {
            side.analyser.getFloatTimeDomainData(this.#samples);
            let peak = 0;
            for (const sample of this.#samples) peak = Math.max(peak, Math.abs(sample));
            const level = Math.max(20 * Math.log10(peak + 1e-9), FLOOR_DB);
            side.level = Math.max(level, side.level - FALL_DB);
            side.meter.value = side.level;
            side.meter.textContent = `${side.level.toFixed(0)} dB`;
        }
        this.#drawSpectrum();
    }

    #drawSpectrum(): void {
        const [draw, width, height] = fresh(this.#canvas);
        const octaves = Math.log2(HIGHEST_HZ / LOWEST_HZ);
        const x = (hertz: number) => (Math.log2(hertz / LOWEST_HZ) / octaves) * width;
        draw.font = "11px system-ui, sans-serif";
        draw.fillStyle = colour("muted");
        for (const hertz of [50, 100, 200, 500, 1000, 2000, 5000, 10_000]) {
            draw.globalAlpha = 0.25;
            draw.fillRect(x(hertz), 0, 1, height - 16);
            draw.globalAlpha = 1;
            draw.fillText(hertz < 1000 ? `${hertz}` : `${hertz / 1000}k`, x(hertz) - 8, height - 3);
        }
        this.#spectrum.getFloatFrequencyData(this.#bins);
        const perBin = this.#spectrum.context.sampleRate / this.#spectrum.fftSize;
        draw.beginPath();
        draw.moveTo(0, height - 16);
        for (let pixel = 0; pixel <= width; pixel++) {
            const bin = (LOWEST_HZ * 2 ** ((pixel / width) * octaves)) / perBin;
            const next = (LOWEST_HZ * 2 ** (((pixel + 1) / width) * octaves)) / perBin;
            let level = -Infinity;
            for (let i = Math.floor(bin); i <= Math.max(Math.floor(next), Math.floor(bin)); i++) {
                level = Math.max(level, this.#bins[i] ?? -Infinity);
            }
            const share = Math.min(Math.max((level + 110) / 100, 0), 1);
            draw.lineTo(pixel, (height - 16) * (1 - share));
        }
        draw.lineTo(width, height - 16);
        draw.closePath();
        draw.fillStyle = colour("accent");
        draw.globalAlpha = 0.35;
        draw.fill();
        draw.globalAlpha = 1;
        draw.strokeStyle = colour("accent");
        draw.stroke();
    }
}
