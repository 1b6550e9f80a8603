// What can be heard: the studio's own sessions, what was opened before, and how to open more.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { length } from "../clock";
import type { Track } from "../document";
import { Icon } from "../icons";
import { language, t } from "../i18n";
import type { Kept } from "../keep/store";
import { useStudio } from "../studio";
import { Picture } from "./picture";
import { lengthOf, type Own, ownTrack, SESSIONS } from "./sessions";
import "./library.css";

/** Pickers of phones know kinds of files, not all these names, and would refuse the rest. */
const FORMATS = matchMedia("(pointer: fine)").matches ? ".json,.sbg,.sbagen,.gnaural,.xml,.spsq,.noise,audio/*" : undefined;

function OwnCard({ own, onOpen }: { own: Own; onOpen: () => void }) {
    const { desk } = useStudio();
    const track = useSignal<Track | undefined>(undefined);
    useEffect(() => {
        ownTrack(own.id).then(
            (read) => (track.value = read),
            () => undefined, // said when it is opened
        );
    }, [own.id]);
    return (
        <li class="session-card">
            {track.value ? <Picture track={track.value} /> : <div class="picture" />}
            <button
                type="button"
                aria-current={desk.own.value === own.id}
                onClick={() => {
                    onOpen();
                    void desk.openOwn(own.id);
                }}
            >
                {t(own.title)}
            </button>
            <p>{t(own.about)}</p>
            <p class="muted length">{track.value ? length(lengthOf(track.value)) : ""}</p>
        </li>
    );
}

function KeptRow({ kept, onOpen }: { kept: Kept; onOpen: () => void }) {
    const { desk } = useStudio();
    const when = new Date(kept.when).toLocaleString(language.value, { dateStyle: "medium", timeStyle: "short" });
    return (
        <li class="kept-row">
            <Picture track={kept.track} />
            <div>
                <button
                    type="button"
                    class="quiet"
                    onClick={() => {
                        onOpen();
                        void desk.openKept(kept);
                    }}
                >
                    {kept.title || t("untitled")}
                </button>
                <p class="muted">
                    {length(lengthOf(kept.track))} · {when}
                </p>
            </div>
            <button type="button" class="quiet" aria-label={t("forget", { title: kept.title })} onClick={() => void desk.forget(kept.id)}>
                <Icon name="remove" />
            </button>
        </li>
    );
}

function OpenFiles({ onOpen }: { onOpen: () => void }) {
    const { desk } = useStudio();
    const input = useRef<HTMLInputElement>(null);
    return (
        <section class="open-files" aria-labelledby="open-files">
            <h2 id="open-files">{t("openYours")}</h2>
            <p class="muted">{t("openHow")}</p>
            <button type="button" onClick={() => input.current?.click()}>
                <Icon name="open" />
                {t("openFiles")}
            </button>
            <input
                ref={input}
                type="file"
                multiple
                hidden
                accept={FORMATS}
                onChange={({ currentTarget }) => {
                    const files = [...(currentTarget.files ?? [])];
                    currentTarget.value = "";
                    onOpen();
                    void desk.openFiles(files);
                }}
            />
        </section>
    );
}

export function Library({ onOpen = () => undefined }: { onOpen?: () => void }) {
    const { desk } = useStudio();
    return (
        <div class="library">
            <ul class="session-cards" aria-label={t("ownSessions")}>
                {SESSIONS.map((own) => (
                    <OwnCard key={own.id} own={own} onOpen={onOpen} />
                ))}
            </ul>
            <div class="library-more">
                <OpenFiles onOpen={onOpen} />
                {desk.kept.value.length > 0 ? (
                    <section aria-labelledby="recent">
                        <h2 id="recent">{t("recent")}</h2>
                        <ul class="kept-rows">
                            {desk.kept.value.map((kept) => (
                                <KeptRow key={kept.id} kept={kept} onOpen={onOpen} />
                            ))}
                        </ul>
                    </section>
                ) : null}
            </div>
        </div>
    );
}
