// Where the bundler put the parts of the package.

import worker from "realtime-backend/worker?worker&url";
import worklet from "realtime-backend/worklet?worker&url";

export const urls = { worker, worklet };
