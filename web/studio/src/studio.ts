// What the parts of the page share.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { TrackDocument } from "./document";
import type { Engine } from "./engine";

export interface Studio {
    document: TrackDocument;
    engine: Engine;
}

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
    const studio = useContext(StudioContext);
    if (!studio) throw new Error("outside the studio");
    return studio;
}
