// Play and volume; for a voice its parameters below, for a track its position.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "../icons";
import { VoiceEditor } from "../inspector/voice_editor";
import { linkTo } from "../keep/link";
import { useStudio } from "../studio";
import { Position, Volume } from "../transport";
import { type Asked, read } from "./ask";
import "../inspector/inspector.css";
import "./embed.css";

export function Embedded({ asked }: { asked: URLSearchParams }) {
    const { document: opened, engine } = useStudio();
    const found = useSignal<Asked | undefined>(undefined);
    const wrong = useSignal("");
    useEffect(() => {
        read(asked).then(
            (what) => (found.value = what),
            (error: Error) => (wrong.value = error.message),
        );
    }, []);
    const playing = engine.state.value === "playing";
    const what = found.value;
    const begun = opened.generation.value > 0;
    const now = useComputed(() => (engine.step.value === undefined ? "" : String(opened.track.value.progression[engine.step.value]?.description ?? "")));

    /** The track is opened by the first click: until then a page costs nothing. */
    const toggle = async () => {
        if (!what) return;
        if (begun) return engine.toggle();
        await engine.openQueue([{ title: what.title, track: what.track }], true);
        if (what.voice) await engine.setLoop(true);
    };
    const studio = async (event: MouseEvent) => {
        if (!what) return;
        event.preventDefault();
        const track = begun ? opened.track.peek() : what.track;
        await engine.pause();
        window.open(await linkTo(what.title, track, new URL("./", location.href).href), "_blank", "noopener");
    };
    const failure = wrong.value || engine.failure.value;
    return (
        <main class="embedded">
            <div class="bar">
                <button type="button" class="primary" disabled={!what} onClick={() => void toggle().catch((error: Error) => (wrong.value = error.message))}>
                    <Icon name={playing ? "pause" : "play"} />
                    {t(playing ? "pause" : "play")}
                </button>
                {what?.voice ? <span class="spring" /> : <Position />}
                <Volume />
                <a class="button" href="./" target="_blank" rel="noopener" onClick={(event) => void studio(event)}>
                    {t("openInStudio")}
                </a>
            </div>
            <p class="muted" role="status">
                {engine.loading.value ? t("opening") : what?.voice ? (begun ? "" : t("playThenMove")) : now}
            </p>
            <p class="wrong" role="alert">
                {failure}
            </p>
            {what?.voice && begun ? <VoiceEditor step={0} place={0} /> : null}
        </main>
    );
}
