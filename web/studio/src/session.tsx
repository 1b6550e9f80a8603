// The session that is open: what it is, what is heard of it now, and the tools to look at it and change it.

import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "realtime-backend";
import { clock, length } from "./clock";
import { t } from "./i18n";
import { Inspector } from "./inspector";
import { FirstUse } from "./listening/headphones";
import { Picture } from "./library/picture";
import { SESSIONS } from "./library/sessions";
import { useStudio } from "./studio";
import { Timeline } from "./timeline";
import { Views } from "./views";
import "./session.css";

const WIDE = matchMedia("(min-width: 46rem)");

function Now() {
    const { document: opened, engine, desk } = useStudio();
    const own = SESSIONS.find(({ id }) => id === desk.own.value);
    const [turn, count] = engine.turn.value;
    const left = useComputed(() => clock(engine.duration.value - engine.position.value));
    const step = engine.step.value === undefined ? undefined : opened.track.value.progression[engine.step.value];
    return (
        <section class="now-playing" aria-label={t("nowPlaying")}>
            <Picture track={opened.track.value} wide={WIDE.matches} />
            <div class="words">
                <h1>
                    <label class="hidden-text" for="title">
                        {t("title")}
                    </label>
                    <input
                        id="title"
                        class="title"
                        value={opened.title.value}
                        placeholder={t("untitled")}
                        onChange={({ currentTarget }) => (opened.title.value = currentTarget.value.trim())}
                    />
                </h1>
                {own ? <p>{t(own.about)}</p> : null}
                <p class="facts">
                    {length(engine.duration.value)}
                    {count > 1 ? ` · ${t("turn", { turn: turn + 1, count })}` : ""}
                    {step?.description ? <> · {step.description}</> : null}
                    {engine.state.value === "playing" ? (
                        <>
                            {" · "}
                            <span class="now">{t("remaining", { time: left.value })}</span>
                        </>
                    ) : null}
                </p>
            </div>
        </section>
    );
}

/** How the engine says that something of the track is not heard. */
const LEFT_OUT = /left out/;

function List({ of }: { of: Problem[] }) {
    return (
        <ul>
            {of.map(({ path, message }) => (
                <li>
                    {path ? <code>{path}</code> : null} {message}
                </li>
            ))}
        </ul>
    );
}

/** What is wrong with the last edit or with the track, and what was noticed about it. */
function Problems() {
    const { engine } = useStudio();
    const failure = engine.failure.value;
    const found = engine.problems.value;
    const errors = found.filter(({ severity }) => severity === "error");
    const missing = found.filter(({ severity, message }) => severity !== "error" && LEFT_OUT.test(message));
    const remarks = found.filter((one) => one.severity !== "error" && !missing.includes(one));
    return (
        <>
            <div role="alert">
                {failure ? (
                    <div class="card refusal">
                        <p>{engine.state.value === "failed" ? t("cannotPlay") : t("editRefused")}</p>
                        {errors.length > 0 ? <List of={errors} /> : <p>{failure}</p>}
                    </div>
                ) : null}
                {missing.length > 0 ? (
                    <div class="card refusal">
                        <p>{t("notHeard")}</p>
                        <List of={missing} />
                    </div>
                ) : null}
            </div>
            {remarks.length > 0 ? (
                <details class="card remarks">
                    <summary>{t("remarks", { count: remarks.length })}</summary>
                    <List of={remarks} />
                </details>
            ) : null}
        </>
    );
}

/** When the parts of the page are drawn: the curves of the timeline in turn, what is further down last. */
const STAGES = { timeline: 1, inspector: 2, curves: 3, views: 6 };

/** Counts the pictures of a page that was just opened: what is drawn in one task would hold up the page for too long. */
function useStage(last: number): number {
    const [stage, setStage] = useState(0);
    // an effect runs behind the picture
    useEffect(() => {
        if (stage < last) setStage(stage + 1);
    }, [stage]);
    return stage;
}

export function Session() {
    const stage = useStage(STAGES.views);
    return (
        <div class="session">
            <div class="column">
                <Now />
                <FirstUse />
                <Problems />
                <Timeline drawn={stage < STAGES.timeline ? -1 : Math.max(0, stage - STAGES.curves + 1)} />
                {stage >= STAGES.views ? <Views /> : null}
            </div>
            {stage >= STAGES.inspector ? <Inspector /> : null}
        </div>
    );
}
