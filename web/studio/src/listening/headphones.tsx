// Are the headphones on, and the right way round? Asked once, and whenever the listener wants to know.

import { type Signal, signal, useSignal } from "@preact/signals";
import { t } from "../i18n";
import { Icon } from "../icons";
import { remember, remembered } from "../keep/settings";
import { useStudio } from "../studio";
import { tone } from "./tone";

const KEPT = "headphones";
export const asked: Signal<boolean> = signal(remembered(KEPT) === undefined);

function answered(): void {
    remember(KEPT, "1");
    asked.value = false;
}

export function HeadphoneTest() {
    const { engine } = useStudio();
    const sounding = useSignal<string | undefined>(undefined);
    const test = async (name: string, left?: number, right?: number) => {
        sounding.value = name;
        const level = 0.25 * engine.volume.peek();
        await tone(engine.context, level, left, right).catch(() => undefined);
        if (sounding.value === name) sounding.value = undefined;
    };
    return (
        <>
            <p>{t("headphonesAbout")}</p>
            <div class="choices" role="group" aria-label={t("headphones")}>
                <button type="button" aria-pressed={sounding.value === "left"} onClick={() => void test("left", 330, undefined)}>
                    {t("left")}
                </button>
                <button type="button" aria-pressed={sounding.value === "right"} onClick={() => void test("right", undefined, 330)}>
                    {t("right")}
                </button>
                <button type="button" aria-pressed={sounding.value === "beat"} onClick={() => void test("beat", 220, 224)}>
                    {t("beat")}
                </button>
            </div>
            <p class="muted">{t("safeLevel")}</p>
        </>
    );
}

export function FirstUse() {
    if (!asked.value) return null;
    return (
        <section class="card first-use" aria-labelledby="first-use">
            <h2 id="first-use">
                <Icon name="headphones" />
                {t("headphones")}
            </h2>
            <HeadphoneTest />
            <button type="button" class="primary" onClick={answered}>
                {t("headphonesGood")}
            </button>
        </section>
    );
}
