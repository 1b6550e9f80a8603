// The page begins here.

import { render } from "preact";
import { App } from "./app";
import { TrackDocument } from "./document";
import { Engine } from "./engine";
import { StudioContext } from "./studio";

const opened = new TrackDocument();
const engine = new Engine(opened);
const root = document.getElementById("app");
if (root) {
    render(
        <StudioContext.Provider value={{ document: opened, engine }}>
            <App />
        </StudioContext.Provider>,
        root,
    );
}
