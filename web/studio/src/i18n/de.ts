// German.

import { editor } from "./editor.de";
import { shell } from "./shell.de";

export const de = { ...shell, ...editor };
