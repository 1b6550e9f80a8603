// Play, position, loop, timer, volume: always at hand at the foot of the page.

import { useComputed } from "@preact/signals";
import { clock } from "./clock";
import { dialog } from "./dialogs/open";
import { t } from "./i18n";
import { Icon } from "./icons";
import { useStudio } from "./studio";
import "./transport.css";

/** Seconds by which the arrow keys move; with Shift ten times as far. */
const KEY_S = 5;

export function Position() {
    const { document: opened, engine } = useStudio();
    const position = useComputed(() => clock(engine.position.value));
    const spoken = useComputed(() => t("positionOf", { position: position.value, duration: clock(engine.duration.value) }));
    const whole = Math.floor(engine.duration.value);
    const move = (event: KeyboardEvent) => {
        const far = event.shiftKey ? 10 * KEY_S : KEY_S;
        const steps: Record<string, number> = { ArrowRight: far, ArrowUp: far, ArrowLeft: -far, ArrowDown: -far, PageUp: 60, PageDown: -60 };
        const by = steps[event.key];
        if (by !== undefined) void engine.seek(engine.position.peek() + by);
        else if (event.key === "Home") void engine.seek(0);
        else if (event.key === "End") void engine.seek(engine.duration.peek());
        else return;
        event.preventDefault();
    };
    return (
        <div class="position">
            <output class="now" aria-hidden="true">
                {position}
            </output>
            <input
                type="range"
                min="0"
                max={whole}
                step="1"
                value={useComputed(() => Math.floor(engine.position.value))}
                aria-label={t("position")}
                aria-valuetext={spoken}
                disabled={opened.generation.value === 0}
                onInput={({ currentTarget }) => void engine.seek(currentTarget.valueAsNumber)}
                onKeyDown={move}
            />
            <span class="muted">{clock(engine.duration.value)}</span>
        </div>
    );
}

function Loop() {
    const { engine } = useStudio();
    const on = engine.loop.value !== undefined;
    return (
        <button type="button" class="quiet" aria-pressed={on} aria-label={t("loop")} title={t("loop")} onClick={() => void engine.setLoop(!on)}>
            <Icon name="loop" />
        </button>
    );
}

function Timer() {
    const { engine } = useStudio();
    const left = useComputed(() => (engine.timer.value === undefined ? "" : clock(engine.timer.value)));
    const on = left.value !== "";
    return (
        <button type="button" class="quiet" aria-pressed={on} title={t("timer")} onClick={() => (dialog.value = "timer")}>
            <Icon name="timer" />
            <span class={on ? "now" : "hidden-text"}>{on ? left : t("timer")}</span>
            {on ? <span class="hidden-text">{t("timer")}</span> : null}
        </button>
    );
}

export function Volume() {
    const { engine } = useStudio();
    return (
        <label class="volume" title={t("volume")}>
            <Icon name="volume" />
            <span class="hidden-text">{t("volume")}</span>
            <input
                type="range"
                min="0"
                max="1"
                step="0.01"
                value={engine.volume.value}
                aria-valuetext={`${Math.round(100 * engine.volume.value)} %`}
                onInput={({ currentTarget }) => engine.setVolume(currentTarget.valueAsNumber)}
            />
        </label>
    );
}

export function Transport() {
    const { document: opened, engine } = useStudio();
    const playing = engine.state.value === "playing";
    const ready = opened.generation.value > 0;
    const several = engine.turn.value[1] > 1;
    return (
        <footer class="transport" aria-label={t("transport")}>
            <div class="buttons">
                {several ? (
                    <button type="button" class="quiet" aria-label={t("previous")} onClick={() => void engine.previous()}>
                        <Icon name="previous" />
                    </button>
                ) : null}
                <button
                    type="button"
                    class="primary round"
                    disabled={!ready}
                    aria-label={playing ? t("pause") : t("play")}
                    aria-keyshortcuts="Space"
                    aria-busy={engine.loading.value}
                    onClick={() => void engine.toggle()}
                >
                    <Icon name={playing ? "pause" : "play"} />
                </button>
                {several ? (
                    <button type="button" class="quiet" aria-label={t("next")} onClick={() => void engine.next()}>
                        <Icon name="next" />
                    </button>
                ) : null}
            </div>
            <Position />
            <div class="buttons">
                <Loop />
                <Timer />
                <Volume />
            </div>
        </footer>
    );
}
