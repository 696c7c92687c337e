import * as nodeModule from "node:module";

/** Since Node.js 22.1, which its types of version 20 do not know. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: () => unknown };

enableCompileCache?.();
