// Device, screen, language, headphones.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Language, language, NAMES, speak, t } from "../i18n";
import { HeadphoneTest } from "../listening/headphones";
import { askForDevices, canChoose, choose, chosen, devices, listDevices } from "../listening/output";
import { canKeepScreen, keepScreen } from "../listening/wake_lock";
import { useStudio } from "../studio";
import { Dialog } from "./dialog";
import { close } from "./open";

function Output() {
    const { engine } = useStudio();
    const wrong = useSignal("");
    useEffect(() => void listDevices(), []);
    const attempt = (done: Promise<void>) =>
        done.then(
            () => (wrong.value = ""),
            (error: Error) => (wrong.value = error.message),
        );
    return (
        <section>
            <h3>{t("output")}</h3>
            <label class="field">
                {t("device")}
                <select value={chosen.value} onChange={({ currentTarget }) => void attempt(choose(engine, currentTarget.value))}>
                    <option value="">{t("systemDevice")}</option>
                    {devices.value.map(({ id, name }) => (
                        <option key={id} value={id}>
                            {name}
                        </option>
                    ))}
                </select>
            </label>
            {devices.value.length === 0 ? (
                <>
                    <p class="muted">{t("devicesAbout")}</p>
                    <button type="button" onClick={() => void attempt(askForDevices(engine))}>
                        {t("showDevices")}
                    </button>
                </>
            ) : null}
            <p class="wrong" role="alert">
                {wrong.value}
            </p>
        </section>
    );
}

export function SettingsDialog() {
    return (
        <Dialog title={t("settings")} onClose={close}>
            <label class="field">
                {t("language")}
                <select value={language.value} onChange={({ currentTarget }) => speak(currentTarget.value as Language)}>
                    {Object.entries(NAMES).map(([code, name]) => (
                        <option key={code} value={code} lang={code}>
                            {name}
                        </option>
                    ))}
                </select>
            </label>
            {canKeepScreen ? (
                <label class="check">
                    <input type="checkbox" checked={keepScreen.value} onChange={({ currentTarget }) => (keepScreen.value = currentTarget.checked)} />
                    {t("keepScreen")}
                </label>
            ) : null}
            {canChoose ? <Output /> : null}
            <section>
                <h3>{t("headphones")}</h3>
                <HeadphoneTest />
            </section>
            <section>
                <h3>{t("keys")}</h3>
                <p class="muted">{t("keysAbout")}</p>
            </section>
            <p>
                <a href="./licences.txt" target="_blank">
                    {t("licences")}
                </a>
            </p>
        </Dialog>
    );
}
