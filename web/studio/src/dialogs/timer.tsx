// The sleep timer.

import { useSignal } from "@preact/signals";
import { length } from "../clock";
import { t } from "../i18n";
import { useStudio } from "../studio";
import { Dialog } from "./dialog";
import { close } from "./open";

const MINUTES = [10, 20, 30, 45, 60, 90, 120];
const FADES = [10, 60, 300, 600];

export function TimerDialog() {
    const { engine } = useStudio();
    const fade = useSignal(60);
    const own = useSignal("");
    const wrong = useSignal(false);
    const set = (minutes: number | undefined) => {
        void engine.stopAfter(minutes === undefined ? undefined : 60 * minutes, fade.value);
        close();
    };
    return (
        <Dialog title={t("timer")} onClose={close}>
            <p class="muted">{t("timerAbout")}</p>
            <label class="field">
                {t("fadeOver")}
                <select value={fade.value} onChange={({ currentTarget }) => (fade.value = Number(currentTarget.value))}>
                    {FADES.map((seconds) => (
                        <option key={seconds} value={seconds}>
                            {length(seconds)}
                        </option>
                    ))}
                </select>
            </label>
            <div class="choices" role="group" aria-label={t("timer")}>
                {MINUTES.map((minutes) => (
                    <button key={minutes} type="button" onClick={() => set(minutes)}>
                        {length(60 * minutes)}
                    </button>
                ))}
            </div>
            <form
                class="field"
                onSubmit={(event) => {
                    event.preventDefault();
                    const minutes = Number(own.value.replace(",", "."));
                    wrong.value = !(minutes > 0 && minutes <= 1440);
                    if (!wrong.value) set(minutes);
                }}
            >
                <label for="minutes">{t("ownMinutes")}</label>
                <input
                    id="minutes"
                    inputMode="decimal"
                    value={own.value}
                    aria-invalid={wrong.value}
                    aria-describedby="minutes-wrong"
                    onInput={({ currentTarget }) => (own.value = currentTarget.value)}
                />
                <button type="submit">{t("set")}</button>
                <p id="minutes-wrong" class="wrong" role="alert">
                    {wrong.value ? t("minutesWrong") : ""}
                </p>
            </form>
            {engine.timer.value !== undefined ? (
                <button type="button" onClick={() => set(undefined)}>
                    {t("timerOff")}
                </button>
            ) : null}
        </Dialog>
    );
}
