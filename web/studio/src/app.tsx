// The page: header, library or session, transport.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "./dialogs/dialog";
import { ExportDialog } from "./dialogs/export";
import { close, dialog } from "./dialogs/open";
import { SettingsDialog } from "./dialogs/settings";
import { ShareDialog } from "./dialogs/share";
import { TimerDialog } from "./dialogs/timer";
import { Header } from "./header";
import { language, t } from "./i18n";
import { Library } from "./library";
import { newer, offline, update } from "./pwa/register";
import { Session } from "./session";
import { useStudio } from "./studio";
import { Transport } from "./transport";

function Dialogs() {
    switch (dialog.value) {
        case "library":
            return (
                <Dialog title={t("library")} onClose={close} drawer>
                    <Library onOpen={close} />
                </Dialog>
            );
        case "timer":
            return <TimerDialog />;
        case "share":
            return <ShareDialog />;
        case "export":
            return <ExportDialog />;
        case "settings":
            return <SettingsDialog />;
        default:
            return null;
    }
}

function Notices() {
    const { desk, engine } = useStudio();
    return (
        <>
            <div role="alert">
                {desk.refusal.value ? (
                    <div class="card refusal notice">
                        <p>{desk.refusal.value}</p>
                        <button type="button" onClick={() => (desk.refusal.value = undefined)}>
                            {t("close")}
                        </button>
                    </div>
                ) : null}
            </div>
            <div role="status">{engine.loading.value ? <p class="opening">{t("opening")}</p> : null}</div>
            <div role="status">
                {engine.slow.value ? (
                    <div class="card notice">
                        <p>{t("slow")}</p>
                        <button type="button" onClick={() => (engine.slow.value = false)}>
                            {t("close")}
                        </button>
                    </div>
                ) : null}
            </div>
            <div role="status">
                {desk.unkept.value ? (
                    <div class="card notice">
                        <p>{t(desk.unkept.value === "full" ? "keptFull" : "keptNever")}</p>
                        <button type="button" onClick={() => (desk.unkept.value = undefined)}>
                            {t("close")}
                        </button>
                    </div>
                ) : null}
            </div>
            <div role="status">
                {newer.value ? (
                    <div class="card notice">
                        <p>{t("newVersion")}</p>
                        <button type="button" class="primary" onClick={() => update()}>
                            {t("reload")}
                        </button>
                    </div>
                ) : null}
            </div>
        </>
    );
}

/** To the button that opens files, which is below the sessions. */
function toOpen() {
    const section = document.querySelector("#open-files")?.parentElement;
    section?.scrollIntoView({ block: "center" });
    section?.querySelector("button")?.focus();
}

function Welcome() {
    return (
        <>
            <div class="welcome">
                <h1>{t("welcome")}</h1>
                <p>
                    {t("welcomeAbout")}{" "}
                    <button type="button" class="link" onClick={toOpen}>
                        {t("orYours")}
                    </button>
                </p>
            </div>
            <Library />
        </>
    );
}

/** Files over the page, wherever they are dropped. */
function DropTarget() {
    const { desk } = useStudio();
    const over = useSignal(false);
    useEffect(() => {
        const drag = (event: DragEvent) => {
            if (!event.dataTransfer?.types.includes("Files")) return;
            event.preventDefault();
            over.value = event.type === "dragover";
            if (event.type === "drop") void desk.openFiles(event.dataTransfer.files);
        };
        const leave = (event: DragEvent) => event.relatedTarget === null && (over.value = false);
        const paste = (event: ClipboardEvent) => {
            if ((event.target as Element).closest("input, textarea, [contenteditable]")) return;
            const { files } = event.clipboardData ?? {};
            const text = event.clipboardData?.getData("text/plain") ?? "";
            if (files && files.length > 0) void desk.openFiles(files);
            else if (text.trim() !== "") void desk.openText(text);
        };
        document.addEventListener("dragover", drag);
        document.addEventListener("drop", drag);
        document.addEventListener("dragleave", leave);
        document.addEventListener("paste", paste);
        return () => {
            document.removeEventListener("dragover", drag);
            document.removeEventListener("drop", drag);
            document.removeEventListener("dragleave", leave);
            document.removeEventListener("paste", paste);
        };
    }, []);
    return over.value ? <div class="drop">{t("drop")}</div> : null;
}

/** Keys that work everywhere but where they have a meaning of their own. */
function useKeys() {
    const { document: opened, engine } = useStudio();
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            const target = event.target as Element;
            if (event.defaultPrevented || target.closest("dialog")) return;
            const writing = target.closest("input:not([type=range], [type=checkbox]), textarea, select");
            const command = event.ctrlKey || event.metaKey;
            if (event.key === " " && !writing && !target.closest("button, summary, a, [role=button], [role=slider], input")) {
                event.preventDefault();
                void engine.toggle();
            } else if (command && !writing && event.key.toLowerCase() === "z") {
                event.preventDefault();
                if (event.shiftKey) opened.redo();
                else opened.undo();
            } else if (command && !writing && event.key.toLowerCase() === "y") {
                event.preventDefault();
                opened.redo();
            }
        };
        document.addEventListener("keydown", press);
        return () => document.removeEventListener("keydown", press);
    }, []);
}

export function App() {
    const { document: opened, desk } = useStudio();
    useKeys();
    const inSession = desk.view.value === "session";
    const title = inSession && opened.title.value ? `${opened.title.value} · ${t("studio")}` : t("studio");
    useEffect(() => {
        document.title = title;
        document.documentElement.lang = language.value;
    }, [title, language.value]);
    useEffect(() => {
        window.scrollTo(0, 0);
        // what had the focus is gone with the library
        if (inSession && document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
    }, [inSession, opened.generation.value]);
    return (
        <>
            <a class="skip" href="#main">
                {t("skip")}
            </a>
            <Header />
            <main id="main" tabIndex={-1}>
                <Notices />
                {inSession ? <Session /> : <Welcome />}
                <p class="muted promise">
                    {t("promise")} {offline.value ? t("worksOffline") : ""}
                </p>
            </main>
            {inSession ? <Transport /> : null}
            <Dialogs />
            <DropTarget />
        </>
    );
}
