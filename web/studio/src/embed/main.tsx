// A player in a frame of another page: `?voice=NAME` is a voice with its parameters, `?track=ADDRESS` is a track of this site.

import { render } from "preact";
import { TrackDocument } from "../document";
import { Engine } from "../engine";
import { type Studio, StudioContext } from "../studio";
import { Embedded } from "./embedded";

const opened = new TrackDocument();
const studio: Studio = {
    document: opened,
    engine: new Engine(opened),
    get desk(): never {
        throw new Error("a frame has no library");
    },
};
const root = document.getElementById("app");
if (root) {
    render(
        <StudioContext.Provider value={studio}>
            <Embedded asked={new URLSearchParams(location.search)} />
        </StudioContext.Provider>,
        root,
    );
}
