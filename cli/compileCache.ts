import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** Since Node.js 22.1, which the types of version 20 do not know. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };

// In the user's own folder: another user of the machine could write into the default one, below /tmp.
enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mesh-egress", "compiled"));
