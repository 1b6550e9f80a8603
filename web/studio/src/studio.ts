// What the parts of the page share.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { TrackDocument } from "./document";
import type { Engine } from "./engine";
import type { Desk } from "./library/desk";

export interface Studio {
    document: TrackDocument;
    engine: Engine;
    desk: Desk;
}

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
    const studio = useContext(StudioContext);
    if (!studio) throw new Error("outside the studio");
    return studio;
}
