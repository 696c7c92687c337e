import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { ROLE_WAIT, waitsForRole } from "../../plan/azure/rolePropagation";

interface Store {
    /** Whether the engine takes error hooks: an older one fails where one is registered. */
    supportsErrorHooks: boolean;
    settings: { options: { monitorAddr?: string } };
}

/** What the SDK knows of the engine; its types leave it out. */
const store = (state as unknown as { getStore: () => Store }).getStore;

/** Tries a creation again while roles that were given before it are not in force yet; engines without error hooks cannot. */
export function roleWait(name: string): pulumi.CustomResourceOptions {
    const { supportsErrorHooks, settings } = store();
    // Pulumi's mocks say that they support hooks, and never answer to one.
    if (!supportsErrorHooks || settings.options.monitorAddr === "mock") {
        return {};
    }
    const hook = new pulumi.ErrorHook(`${name}-roles`, async ({ errors, failedOperation }) => {
        if (failedOperation !== "create" || !waitsForRole(errors)) {
            return false;
        }
        await pause(ROLE_WAIT.pauseSeconds * 1000);
        return true;
    });
    return { hooks: { onError: [hook] } };
}
