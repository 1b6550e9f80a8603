// All voices, each to be heard before it is added.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { Dialog } from "../dialogs/dialog";
import { ofVoice, t } from "../i18n";
import { useStudio } from "../studio";
import { Actions, stepName } from "../timeline/actions";
import { freshId, newVoice } from "../timeline/voice_edits";
import { Preview } from "./preview";
import { families, type Family, spoken } from "./table";

export function AddVoice({ step, onClose }: { step: number; onClose: () => void }) {
    const { document, engine } = useStudio();
    const wanted = useSignal("");
    const preview = useMemo(() => new Preview(engine), [engine]);
    useEffect(() => () => preview.leave(), []);
    const needle = wanted.value.trim().toLowerCase();
    const found = families.filter(({ name, summary, about }) => [name, spoken(name), ofVoice(summary), ofVoice(about)].join(" ").toLowerCase().includes(needle));
    const add = (family: Family, moving: boolean) => {
        const voice = newVoice(family, moving);
        voice.voice_id = freshId(document.track.peek(), family.name);
        new Actions(document).addVoice(step, voice);
        onClose();
    };
    return (
        <Dialog title={t("addVoiceTo", { name: stepName(document.track.value, step) })} onClose={onClose}>
            <div class="voice-list">
                <input
                    type="search"
                    // not where a keyboard would come up over the list
                    autoFocus={matchMedia("(pointer: fine)").matches}
                    aria-label={t("searchVoices")}
                    placeholder={t("searchVoices")}
                    value={wanted.value}
                    onInput={(event) => (wanted.value = event.currentTarget.value)}
                />
                <p class="muted" role="status">
                    {preview.failure.value ?? t("voicesFound", { count: found.length })}
                </p>
                <ul class="voice-cards">
                    {found.map((family) => {
                        const on = preview.playing.value === family.name;
                        const name = spoken(family.name);
                        return (
                            <li key={family.name} class="voice-card" data-voice={family.name}>
                                <div class="voice-words">
                                    <h3>{name}</h3>
                                    <p>{ofVoice(family.about)}</p>
                                    <p class="muted summary">{ofVoice(family.summary)}</p>
                                </div>
                                <div class="voice-buttons">
                                    {family.example || family.name !== "subliminal_encode" ? (
                                        <button
                                            type="button"
                                            aria-pressed={on}
                                            aria-label={t(on ? "stopPreview" : "previewOf", { name })}
                                            onClick={() => void preview.toggle(family.name, newVoice(family, family.example?.moves ?? false))}
                                        >
                                            <span aria-hidden="true">{on ? "■" : "▶"}</span> {t("listen")}
                                        </button>
                                    ) : (
                                        <span class="muted small-note">{t("needsFile")}</span>
                                    )}
                                    <button type="button" class="primary" aria-label={t("addHeld", { name })} onClick={() => add(family, false)}>
                                        {t("add")}
                                    </button>
                                    {family.moves && (
                                        <button type="button" aria-label={t("addMoving", { name })} onClick={() => add(family, true)}>
                                            {t("addAsRamp")}
                                        </button>
                                    )}
                                </div>
                            </li>
                        );
                    })}
                </ul>
            </div>
        </Dialog>
    );
}
