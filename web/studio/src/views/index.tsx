// What is heard, to be looked at.

import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { t } from "../i18n";
import { useStudio } from "../studio";
import { Analysis, type Part, type Peak } from "./analysis";
import { Canvas, type Surface } from "./canvas";
import { SILENCE } from "./loudness";
import { PathView } from "./path_view";
import { drawBeat, drawStereo, Spectrogram } from "./pictures";
import { Tap } from "./tap";
import "./views.css";

/** Milliseconds between the numbers in words. */
const READ_MS = 250;
const LOUDEST = 0;
const SOFTEST = -60;

interface Numbers {
    momentary: number;
    shortTerm: number;
    correlation: number | undefined;
    left: Peak | undefined;
    right: Peak | undefined;
    between: Peak | undefined;
}
const NOTHING: Numbers = { momentary: SILENCE, shortTerm: SILENCE, correlation: undefined, left: undefined, right: undefined, between: undefined };

interface Given {
    analysis: Signal<Analysis | undefined>;
    numbers: Numbers;
    playing: boolean;
    seen: (part: Part) => (seen: boolean) => void;
}

const lufs = (value: number): string => (value <= -70 ? t("silence") : t("lufs", { value: value.toFixed(1) }));
const beat = (found: Peak | undefined): string =>
    found ? t("beatOf", { hz: found.hz.toFixed(2), depth: Math.round(100 * Math.min(found.depth, 1.33)) }) : t("noBeat");

function BeatView({ analysis, numbers, playing, seen }: Given) {
    const rows = [
        ["between", "betweenEars", "accent"],
        ["left", "earLeft", "left"],
        ["right", "earRight", "right"],
    ] as const;
    const words = rows.map(([name, label]) => `${t(label)}: ${beat(numbers[name])}`);
    return (
        <figure class="view" data-view="beat">
            <figcaption>{t("viewBeat")}</figcaption>
            <Canvas
                label={`${t("viewBeat")}. ${words.join(". ")}`}
                running={playing}
                paint={(surface) => drawBeat(surface, analysis.peek())}
                subject={() => analysis.peek()?.spectra ?? 0}
                onSeen={seen("beat")}
                redraw={[analysis.value]}
            />
            <ul class="readout">
                {rows.map(([name, label, tone]) => (
                    <li key={name} class={`tone-${tone}`}>
                        {t(label)} <b>{beat(numbers[name])}</b>
                    </li>
                ))}
            </ul>
        </figure>
    );
}

function SpectrogramView({ analysis, playing, seen }: Given) {
    const picture = useMemo(() => new Spectrogram(), [analysis.value]);
    return (
        <figure class="view" data-view="spectrogram">
            <figcaption>
                {t("viewSpectrogram")}{" "}
                <span class="muted">
                    {t("earLeft")} / {t("earRight")}
                </span>
            </figcaption>
            <Canvas
                label={t("viewSpectrogram")}
                running={playing}
                paint={(surface) => picture.paint(surface, analysis.peek())}
                subject={() => analysis.peek()?.made ?? 0}
                onSeen={seen("spectrogram")}
            />
        </figure>
    );
}

function LevelsView({ analysis, numbers, playing, seen }: Given) {
    const held = useMemo(() => ({ peaks: [SOFTEST, SOFTEST] as [number, number] }), []);
    const paint = ({ draw, width, height, colour }: Surface) => {
        draw.clearRect(0, 0, width, height);
        draw.font = "12px system-ui, sans-serif";
        const found = analysis.peek();
        const rows: [string, number, string][] = [
            [t("momentary"), found?.loudness.momentary ?? SILENCE, "accent"],
            [t("shortTerm"), found?.loudness.shortTerm ?? SILENCE, "violet"],
        ];
        for (const ear of [0, 1] as const) {
            const level = 20 * Math.log10((found?.peak[ear] ?? 0) + 1e-9);
            held.peaks[ear] = Math.max(level, held.peaks[ear] - 1.2, SOFTEST);
            rows.push([t(ear === 0 ? "earLeft" : "earRight"), held.peaks[ear], ear === 0 ? "left" : "right"]);
        }
        const name = 84;
        const x = (level: number) => name + ((Math.max(level, SOFTEST) - SOFTEST) / (LOUDEST - SOFTEST)) * (width - name - 8);
        const high = (height - 22) / rows.length;
        for (const [index, [label, level, tone]] of rows.entries()) {
            const y = index * high + 4;
            draw.textAlign = "left";
            draw.fillStyle = colour("muted");
            draw.fillText(label, 0, y + high / 2 + 2);
            draw.fillStyle = colour("raised");
            draw.fillRect(name, y, width - name - 8, high - 8);
            draw.fillStyle = colour(tone);
            draw.fillRect(name, y, Math.max(0, x(level) - name), high - 8);
        }
        draw.textAlign = "center";
        draw.fillStyle = colour("muted");
        for (let level = SOFTEST; level <= LOUDEST; level += 10) draw.fillText(String(level), Math.min(x(level), width - 10), height - 4);
    };
    const words = `${t("momentary")}: ${lufs(numbers.momentary)}. ${t("shortTerm")}: ${lufs(numbers.shortTerm)}`;
    return (
        <figure class="view" data-view="levels">
            <figcaption>{t("viewLevels")}</figcaption>
            <Canvas
                label={`${t("viewLevels")}. ${words}`}
                running={playing}
                paint={paint}
                subject={() => analysis.peek()?.blocks ?? 0}
                onSeen={seen("levels")}
            />
            <ul class="readout">
                <li class="tone-accent">
                    {t("momentary")} <b data-number="momentary">{lufs(numbers.momentary)}</b>
                </li>
                <li class="tone-violet">
                    {t("shortTerm")} <b data-number="short-term">{lufs(numbers.shortTerm)}</b>
                </li>
            </ul>
        </figure>
    );
}

function StereoView({ analysis, numbers, playing, seen }: Given) {
    const value = numbers.correlation;
    const text = value === undefined ? t("silence") : value.toFixed(2);
    return (
        <figure class="view" data-view="stereo">
            <figcaption>{t("viewStereo")}</figcaption>
            <Canvas
                label={`${t("viewStereo")}. ${t("correlation")}: ${text}`}
                running={playing}
                paint={(surface) => drawStereo(surface, analysis.peek())}
                subject={() => analysis.peek()?.blocks ?? 0}
                onSeen={seen("stereo")}
                redraw={[analysis.value]}
            />
            <div class="correlation">
                <div class="correlation-bar" aria-hidden="true">
                    <span style={{ transform: `translateX(${50 + 50 * (value ?? 0)}%)` }} hidden={value === undefined} />
                </div>
                <p class="correlation-scale" aria-hidden="true">
                    <span>−1</span>
                    <span>0</span>
                    <span>+1</span>
                </p>
                <p>
                    {t("correlation")} <b data-number="correlation">{text}</b>
                </p>
            </div>
        </figure>
    );
}

export function Views() {
    const { engine } = useStudio();
    const analysis = useSignal<Analysis | undefined>(undefined);
    const numbers = useSignal<Numbers>(NOTHING);
    const looked = useSignal(0);
    const parts = useMemo(() => new Set<Part>(), []);
    const playing = engine.state.value === "playing";
    const player = engine.player.value;

    const seen = useMemo(() => {
        const make = (part: Part) => (sees: boolean) => {
            if (sees === parts.has(part)) return;
            if (sees) parts.add(part);
            else parts.delete(part);
            looked.value++;
        };
        const made = { beat: make("beat"), spectrogram: make("spectrogram"), levels: make("levels"), stereo: make("stereo") };
        return (part: Part) => made[part];
    }, []);

    const tap = useSignal<Tap | undefined>(undefined);
    useEffect(() => {
        // nothing is made before something has been heard
        if (!playing) return;
        const { output } = engine;
        const made = new Analysis(output.context.sampleRate);
        analysis.value = made;
        tap.value = new Tap(output, (samples) => {
            for (const part of ["beat", "spectrogram", "levels", "stereo"] as const) {
                if (parts.has(part)) made.seen.add(part);
                else made.seen.delete(part);
            }
            made.push(samples);
        });
        return () => {
            tap.value?.close();
            tap.value = undefined;
        };
    }, [playing, player]);
    useEffect(() => {
        if (tap.value) tap.value.open = parts.size > 0;
    }, [tap.value, looked.value]);
    useEffect(() => {
        if (!playing) return;
        const timer = setInterval(() => {
            const found = analysis.peek();
            if (!found || parts.size === 0) return;
            const { momentary, shortTerm } = found.loudness;
            numbers.value = { momentary, shortTerm, correlation: found.correlation.value, ...found.peaks };
        }, READ_MS);
        return () => clearInterval(timer);
    }, [playing]);

    const given = { analysis, numbers: numbers.value, playing, seen };
    return (
        <section class="card views" aria-label={t("views")}>
            <h2>{t("views")}</h2>
            {!analysis.value && <p class="muted">{t("pressPlay")}</p>}
            <div class="view-grid">
                <BeatView {...given} />
                <SpectrogramView {...given} />
                <LevelsView {...given} />
                <StereoView {...given} />
                <PathView />
            </div>
        </section>
    );
}
