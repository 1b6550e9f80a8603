// A link that holds the track.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { linkTo } from "../keep/link";
import { copy } from "../keep/save";
import { useStudio } from "../studio";
import { Dialog } from "./dialog";
import { close } from "./open";

/** Letters beyond which some programs cut links. */
const LONG = 8000;

export function ShareDialog() {
    const { document: opened } = useStudio();
    const link = useSignal("");
    const done = useSignal("");
    useEffect(() => {
        void linkTo(opened.title.peek(), opened.track.peek()).then((made) => (link.value = made));
    }, []);
    const hasFiles = Object.keys(opened.files.value).length > 0;
    const say = (worked: boolean) => (done.value = worked ? t("copied") : t("notCopied"));
    /** To the programs of the system; they take no link that is too long for them. */
    const send = () =>
        navigator.share({ title: opened.title.peek(), url: link.peek() }).catch((error: Error) => {
            if (error.name !== "AbortError") say(false);
        });
    return (
        <Dialog title={t("share")} onClose={close}>
            <p>{t("shareAbout")}</p>
            <label class="field">
                {t("link")}
                <input readOnly value={link.value} onFocus={({ currentTarget }) => currentTarget.select()} />
            </label>
            {link.value.length > LONG ? <p class="muted">{t("longLink", { letters: link.value.length })}</p> : null}
            {hasFiles ? <p class="muted">{t("linkWithoutFiles")}</p> : null}
            <div class="choices">
                {"share" in navigator ? (
                    <button type="button" class="primary" disabled={link.value === ""} onClick={() => void send()}>
                        {t("sendLink")}
                    </button>
                ) : null}
                <button type="button" class={"share" in navigator ? "" : "primary"} disabled={link.value === ""} onClick={() => void copy(link.value).then(say)}>
                    {t("copyLink")}
                </button>
                <button type="button" onClick={() => void copy(JSON.stringify(opened.track.peek(), null, 4)).then(say)}>
                    {t("copyTrack")}
                </button>
            </div>
            <p role="status">{done.value}</p>
        </Dialog>
    );
}
