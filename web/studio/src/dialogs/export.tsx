// Export as an audio file, with progress and cancel.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { exportTo, type Format, place, type Wish } from "../keep/export";
import { download, fileName } from "../keep/save";
import { useStudio } from "../studio";
import { Dialog } from "./dialog";
import { close } from "./open";

const FORMATS: Format[] = ["wav", "flac", "opus"];
const BITS = [16, 24, 32] as const;
const RATES = [64, 96, 128, 160, 192];

function size(bytes: number): string {
    return bytes > 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

export function ExportDialog() {
    const { document: opened, engine } = useStudio();
    const format = useSignal<Format>("flac");
    const bits = useSignal<Wish["bits"]>(24);
    const quality = useSignal(160);
    const progress = useSignal<number | undefined>(undefined);
    const said = useSignal<{ text: string; wrong: boolean }>({ text: "", wrong: false });
    const cancel = useRef<AbortController | undefined>(undefined);
    useEffect(() => () => cancel.current?.abort(), []);
    const begin = async () => {
        const title = opened.title.peek();
        const name = fileName(title, format.value);
        said.value = { text: "", wrong: false };
        const abort = new AbortController();
        cancel.current = abort;
        try {
            const picked = await place(name);
            progress.value = 0;
            const wish = { format: format.value, bits: bits.value, quality: quality.value };
            const blob = await exportTo(picked, opened.track.peek(), opened.files.peek(), wish, abort.signal, (share) => (progress.value = share));
            if (blob) download(blob, name);
            said.value = { text: t("exported", { name }), wrong: false };
        } catch (error) {
            const stopped = (error as Error).name === "AbortError";
            said.value = stopped ? { text: t("cancelled"), wrong: false } : { text: (error as Error).message, wrong: true };
        }
        progress.value = undefined;
    };
    const seconds = engine.duration.value;
    const raw = (seconds * (opened.track.value.global?.sample_rate ?? 44100) * 2 * bits.value) / 8;
    const bytes = format.value === "opus" ? (seconds * 1000 * quality.value) / 8 : raw * (format.value === "flac" ? 0.7 : 1);
    const busy = progress.value !== undefined;
    return (
        <Dialog title={t("exportTitle")} onClose={close}>
            <fieldset class="choices" disabled={busy}>
                <legend>{t("format")}</legend>
                {FORMATS.map((name) => (
                    <button key={name} type="button" aria-pressed={format.value === name} onClick={() => (format.value = name)}>
                        {name.toUpperCase()}
                    </button>
                ))}
            </fieldset>
            <p class="muted">{t(`about_${format.value}`)}</p>
            {format.value === "opus" ? (
                <label class="field">
                    {t("kilobits")}
                    <select value={quality.value} disabled={busy} onChange={({ currentTarget }) => (quality.value = Number(currentTarget.value))}>
                        {RATES.map((rate) => (
                            <option key={rate}>{rate}</option>
                        ))}
                    </select>
                </label>
            ) : (
                <label class="field">
                    {t("bits")}
                    <select
                        value={bits.value}
                        disabled={busy}
                        onChange={({ currentTarget }) => (bits.value = Number(currentTarget.value) as Wish["bits"])}
                    >
                        {BITS.filter((count) => format.value === "wav" || count < 32).map((count) => (
                            <option key={count}>{count}</option>
                        ))}
                    </select>
                </label>
            )}
            <p class="muted">{t("about", { size: size(bytes) })}</p>
            {busy ? (
                <div class="field">
                    <progress max="1" value={progress.value} aria-label={t("exporting")} />
                    <output>{Math.floor(100 * (progress.value ?? 0))} %</output>
                    <button type="button" onClick={() => cancel.current?.abort()}>
                        {t("cancel")}
                    </button>
                </div>
            ) : (
                <button type="button" class="primary" onClick={() => void begin()}>
                    {t("exportNow")}
                </button>
            )}
            <p role={said.value.wrong ? "alert" : "status"} class={said.value.wrong ? "wrong" : ""}>
                {said.value.text}
            </p>
        </Dialog>
    );
}
