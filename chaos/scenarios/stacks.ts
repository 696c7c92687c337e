import { PatchStrategy } from "@kubernetes/client-node";
import { waitFor } from "../../lab/proof/cluster";
import { messageOf } from "../../lab/errors";
import { GATEWAY, SIDES } from "../stage/places";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

/*
 * People: two at one stack, and one who changes objects by hand.
 */

export const twoUpdates: Scenario = {
    name: "two-updates",
    what: "two `pulumi up` of one stack at once",
    promised: { text: "one of them waits or fails with a clear message; nothing is overwritten; 0 failed calls" },
    run: async (stage) => {
        let messages: string[] = [];
        const report = await stage.underLoad(async () => {
            const ended = await Promise.allSettled([stage.stack.up(), stage.stack.up()]);
            messages = ended.flatMap((one) => (one.status === "rejected" ? [lockMessage(messageOf(one.reason))] : []));
            if (messages.length > 1) {
                throw new Error(`both failed: ${messages.join("; ")}`);
            }
            const { summary } = await stage.stack.up();
            const { same, ...changed } = summary.resourceChanges ?? {};
            if (same === undefined || Object.keys(changed).length > 0) {
                throw new Error(`the next update changed ${JSON.stringify(changed)}`);
            }
        });
        return { ...report, findings: { "the other update": messages[0] ?? "waited and succeeded" } };
    },
};

function lockMessage(text: string): string {
    return (/[^\n]*(locked|lock file|conflict)[^\n]*/i.exec(text)?.[0] ?? text.split("\n")[0]).trim().slice(0, 160);
}

export const secondStack: Scenario = {
    name: "second-stack",
    what: "a second stack on the same cluster claims everything that the first has, fails, and is destroyed",
    promised: { text: "it fails with a clear message; nothing is overwritten or deleted; 0 failed calls" },
    run: async (stage) => {
        let message = "";
        const report = await stage.underLoad(async () => {
            const before = await identities(stage);
            const second = await stage.secondStack();
            try {
                message = await second.up().then(
                    () => "",
                    (error: unknown) => refusal(messageOf(error)),
                );
            } finally {
                await second.destroy();
                await second.workspace.removeStack(second.name);
            }
            if (message === "") {
                throw new Error("the second stack was made");
            }
            const after = await identities(stage);
            if (before.join() !== after.join()) {
                throw new Error(`objects of the first stack were changed: ${before.join()} are ${after.join()}`);
            }
            const { summary } = await stage.stack.up({ refresh: true });
            const { same, ...changed } = summary.resourceChanges ?? {};
            if (same === undefined || Object.keys(changed).length > 0) {
                throw new Error(`the first stack's next update changed ${JSON.stringify(changed)}`);
            }
        });
        return { ...report, findings: { "the second stack": message } };
    },
};

/** What tells whether an object is still the same one, of one of each kind. */
async function identities({ cluster }: Stage): Promise<string[]> {
    const read = async ({ apiVersion, kind, name }: (typeof OBJECTS)[number]) => {
        const metadata = { name, namespace: GATEWAY.namespace };
        const object = await cluster.objects.read({ apiVersion, kind, metadata });
        return `${kind} ${object.metadata?.uid}`;
    };
    return Promise.all(OBJECTS.map(read));
}

function refusal(text: string): string {
    const lines = text.split("\n").filter((line) => /already exists|in use|conflict|another stack/i.test(line));
    return (lines[0] ?? text.split("\n").find((line) => line.includes("error")) ?? text).trim().slice(0, 200);
}

/** Each kind of object that a gateway and its routes have, and one of it. */
const OBJECTS: { apiVersion: string; kind: string; name: string }[] = [
    { apiVersion: "networking.istio.io/v1", kind: "Gateway", name: GATEWAY.name },
    { apiVersion: "networking.istio.io/v1", kind: "VirtualService", name: "api-chaos-example" },
    { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", name: "api-chaos-example" },
    { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", name: `${GATEWAY.name}.service` },
    { apiVersion: "networking.istio.io/v1", kind: "ServiceEntry", name: "api-chaos-example" },
    { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name: `${GATEWAY.name}.deny-by-default` },
    { apiVersion: "v1", kind: "Secret", name: "chaos-client" },
];

export const deletedByHand: Scenario = {
    name: "deleted-by-hand",
    what: "each kind of object of a gateway and its route is deleted by hand, one after the other",
    promised: {
        text: "no call leaves without the client certificate, and `pulumi up --refresh` repairs each",
        failed: Infinity,
    },
    run: async (stage) => {
        const findings: Record<string, string> = {};
        const report = await stage.underLoad(async () => {
            for (const { apiVersion, kind, name } of OBJECTS) {
                const object = { apiVersion, kind, metadata: { name, namespace: GATEWAY.namespace } };
                await stage.cluster.remove(object);
                const status = await stage.status(SIDES.ours);
                await stage.stack.up({ refresh: true });
                const isBack = await stage.cluster.exists(object);
                await answered(stage);
                findings[`${kind} ${name}`] = `${status} at once after, ${isBack ? "repaired" : "NOT REPAIRED"}`;
            }
        });
        const { ours } = report;
        if (Object.values(findings).some((finding) => finding.includes("NOT"))) {
            throw new Error(JSON.stringify(findings));
        }
        return { ours, findings };
    },
};

export const editedByHand: Scenario = {
    name: "edited-by-hand",
    what: "a route's rule loses its TLS by hand",
    promised: {
        text: "the partner gets no plaintext answer out; `pulumi up --refresh` says who has the field, and with `PULUMI_K8S_ENABLE_PATCH_FORCE=true` repairs it",
        failed: Infinity,
    },
    run: async (stage) => {
        let refused = "";
        const rule = {
            ...{ apiVersion: "networking.istio.io/v1", kind: "DestinationRule" },
            metadata: { name: "api-chaos-example", namespace: GATEWAY.namespace },
            spec: { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "DISABLE" } }] } },
        };
        const report = await stage.underLoad(async () => {
            await stage.cluster.objects.patch(
                rule,
                undefined,
                undefined,
                undefined,
                undefined,
                PatchStrategy.MergePatch,
            );
            await waitFor("calls to fail", 30, async () => (await stage.status(SIDES.ours)) !== 200);
            refused = await stage.stack.up({ refresh: true }).then(
                () => "repairs it",
                (error: unknown) => /conflict with [^(\n]*/.exec(messageOf(error))?.[0].trim() ?? messageOf(error),
            );
            await taking(stage);
            await answered(stage);
        });
        return { ours: report.ours, findings: { "`pulumi up --refresh`": refused } };
    },
};

/** An update that takes fields over from whoever has changed them. */
async function taking({ stack }: Stage): Promise<void> {
    const { envVars } = stack.workspace;
    stack.workspace.envVars = { ...envVars, PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
    try {
        await stack.up({ refresh: true });
    } finally {
        stack.workspace.envVars = envVars;
    }
}

function answered(stage: Stage): Promise<boolean> {
    return waitFor("calls to be answered again", 60, async () => (await stage.status(SIDES.ours)) === 200);
}
