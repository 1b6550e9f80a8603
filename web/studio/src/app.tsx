// The page: header, library, what is open, transport.

import { useEffect } from "preact/hooks";
import { t } from "./i18n";
import { Inspector } from "./inspector";
import { useStudio } from "./studio";
import { Timeline } from "./timeline";
import { Views } from "./views";

export function App() {
    const { document: opened, engine } = useStudio();
    useEffect(() => {
        // until the library is there
        if (import.meta.env.DEV) {
            void fetch("./sessions/evening.json")
                .then((answer) => answer.json())
                .then((track) => opened.open(track, "Evening"));
        }
    }, []);
    return (
        <>
            <header class="bar">
                <h1>{opened.title.value || t("studio")}</h1>
                <button type="button" disabled={!opened.canUndo.value} onClick={() => opened.undo()}>
                    {t("undo")}
                </button>
                <button type="button" disabled={!opened.canRedo.value} onClick={() => opened.redo()}>
                    {t("redo")}
                </button>
            </header>
            <main>
                <Timeline />
                <Views />
                <Inspector />
            </main>
            <footer class="transport">
                <button type="button" onClick={() => void engine.toggle()}>
                    {engine.state.value === "playing" ? t("pause") : t("play")}
                </button>
                <output>{engine.position.value.toFixed(0)}</output>
            </footer>
        </>
    );
}
