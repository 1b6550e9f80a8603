// What can be done with the whole: back to the library, undo, take home, settings.

import { dialog } from "./dialogs/open";
import { t } from "./i18n";
import { Icon } from "./icons";
import { saveTrack } from "./keep/save";
import { useStudio } from "./studio";
import "./header.css";

function Logo() {
    return (
        <svg class="logo" viewBox="0 0 48 16" aria-hidden="true">
            <path d="M1 8q5.75-14 11.5 0t11.5 0 11.5 0 11.5 0" />
        </svg>
    );
}

function Undo() {
    const { document: opened } = useStudio();
    const [undone, redone] = [opened.undoLabel.value, opened.redoLabel.value];
    return (
        <>
            <button
                type="button"
                class="quiet"
                disabled={!opened.canUndo.value}
                aria-label={undone ? t("undoOf", { what: undone }) : t("undo")}
                title={undone ? t("undoOf", { what: undone }) : t("undo")}
                aria-keyshortcuts="Control+Z"
                onClick={() => opened.undo()}
            >
                <Icon name="undo" />
            </button>
            <button
                type="button"
                class="quiet"
                disabled={!opened.canRedo.value}
                aria-label={redone ? t("redoOf", { what: redone }) : t("redo")}
                title={redone ? t("redoOf", { what: redone }) : t("redo")}
                aria-keyshortcuts="Control+Shift+Z"
                onClick={() => opened.redo()}
            >
                <Icon name="redo" />
            </button>
        </>
    );
}

export function Header() {
    const { document: opened, desk } = useStudio();
    const inSession = desk.view.value === "session";
    return (
        <header class="bar">
            {inSession ? (
                <button type="button" class="quiet" onClick={() => (dialog.value = "library")}>
                    <Icon name="library" />
                    <span class="wide">{t("library")}</span>
                </button>
            ) : null}
            <p class="brand">
                <Logo />
                <span>{t("studio")}</span>
            </p>
            <div class="tools" role="toolbar" aria-label={t("tools")}>
                {inSession ? (
                    <>
                        <Undo />
                        <button type="button" class="quiet" title={t("save")} onClick={() => saveTrack(opened.track.peek(), opened.title.peek())}>
                            <Icon name="save" />
                            <span class="wide">{t("save")}</span>
                        </button>
                        <button type="button" class="quiet" title={t("share")} onClick={() => (dialog.value = "share")}>
                            <Icon name="share" />
                            <span class="wide">{t("share")}</span>
                        </button>
                        <button type="button" class="quiet" title={t("export")} onClick={() => (dialog.value = "export")}>
                            <Icon name="export" />
                            <span class="wide">{t("export")}</span>
                        </button>
                    </>
                ) : null}
                <button type="button" class="quiet" title={t("settings")} onClick={() => (dialog.value = "settings")}>
                    <Icon name="settings" />
                    <span class="hidden-text">{t("settings")}</span>
                </button>
            </div>
        </header>
    );
}
