import { openBenchMesh } from "../cluster/benchMesh";
import { Part } from "../part";
import { besideOwn } from "./besideOwn";
import { CHOICES } from "./choices";
import { compareChoice } from "./compareChoice";
import { idleConnections } from "./idleConnections";
import { openDataPathSetup } from "./setup";

/** fortio, sidecar, gateway and server share the machine's cores, and so does what each is compared with. */
export const dataPath: Part = {
    name: "data-path",
    what: "Calls through the gateway beside the application's own mTLS, and what the defaults are worth",
    run: async (tell) => {
        const setup = await openDataPathSetup(await openBenchMesh(tell));
        const figures = [await idleConnections(setup, tell), ...(await besideOwn(setup, tell))];
        for (const choice of CHOICES) {
            figures.push(...(await compareChoice(setup, choice, tell)));
        }
        return figures;
    },
};
