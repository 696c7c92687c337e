import { createPrivateKey } from "node:crypto";
import { waitFor } from "../../lab/proof/cluster";
import { Issued, issue, keyPem, newKey } from "../../test/support/certificates";
import { ISTIOD, restart, rolledOut } from "../stage/faults";
import { startCaller } from "../stage/load";
import { APPS, GATEWAY, GUIDES, SIDES } from "../stage/places";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

/*
 * The CA that istiod signs the mesh's certificates with. The lab's is the one that istiod made itself; another one is the secret
 * `cacerts`, as Istio's task "Plug in CA Certificates" has it, and istiod reads it when it starts.
 */

const DAY = 86_400_000;
const OWN_CA = { name: "istio-ca-secret", namespace: ISTIOD.namespace };
const PLUGGED_IN = { name: "cacerts", namespace: ISTIOD.namespace };

const validity = () => ({ notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) });

/** The root that istiod made itself, with its key. */
async function ownRoot({ cluster }: Stage): Promise<Issued> {
    const { data } = await cluster.core.readNamespacedSecret(OWN_CA);
    const text = (key: string) => Buffer.from(data?.[key] ?? "", "base64").toString();
    return { subject: "O=cluster.local", certificate: text("ca-cert.pem"), key: createPrivateKey(text("ca-key.pem")) };
}

/** Has istiod sign with an intermediate of this root. */
async function plugIn(stage: Stage, root: Issued): Promise<void> {
    const subject = "O=cluster.local, CN=intermediate";
    const ca = await issue({ subject, issuer: root, ca: true, key: newKey("RSA"), ...validity() });
    const stringData = {
        "ca-cert.pem": ca.certificate,
        "ca-key.pem": keyPem(ca.key),
        "root-cert.pem": root.certificate,
        "cert-chain.pem": `${ca.certificate}${root.certificate}`,
    };
    await stage.cluster.apply({ apiVersion: "v1", kind: "Secret", metadata: PLUGGED_IN, stringData });
    await restartAll(stage, [ISTIOD]);
}

/** Has istiod sign with the root that it made itself. */
async function unplug(stage: Stage): Promise<void> {
    await stage.cluster.remove({ apiVersion: "v1", kind: "Secret", metadata: PLUGGED_IN });
    await restartAll(stage, [ISTIOD]);
}

async function restartAll(stage: Stage, deployments: (typeof ISTIOD)[]): Promise<void> {
    for (const deployment of deployments) {
        await restart(stage.cluster, deployment);
    }
    for (const deployment of deployments) {
        await rolledOut(stage.cluster, deployment);
    }
}

/** What a caller that starts now gets, once it gets an answer from its own side at all. */
async function newCaller(stage: Stage): Promise<number> {
    const name = "newcomer";
    const pod = await startCaller(stage.cluster, name, stage.local.settings.curlImage);
    try {
        const answered = async () => ((await stage.status(SIDES.ours, pod)) === 200 ? 200 : undefined);
        return await waitFor("the new caller's call", 30, answered).catch(() => stage.status(SIDES.ours, pod));
    } finally {
        await stage.cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: APPS } });
    }
}

export const meshCaIntermediate: Scenario = {
    name: "mesh-ca-intermediate",
    what: "istiod signs with a new intermediate of the same root; istiod and the gateway are restarted; and all of it back",
    promised: { text: "0 failed calls" },
    run: async (stage) => {
        const findings: Record<string, number> = {};
        const report = await stage.underLoad(async () => {
            try {
                await plugIn(stage, await ownRoot(stage));
                await restartAll(stage, [GATEWAY, GUIDES]);
                findings["a caller that starts then gets"] = await newCaller(stage);
            } finally {
                await unplug(stage);
                await restartAll(stage, [GATEWAY, GUIDES]);
            }
        });
        return { ...report, findings };
    },
};

export const meshCaNewRoot: Scenario = {
    name: "mesh-ca-new-root",
    what: "istiod signs with a new root from one moment to the next; istiod and the gateway are restarted; and all of it back",
    promised: { text: "none: a proxy trusts the roots that it was told of when it started", failed: Infinity },
    onlyByName: true,
    run: async (stage) => {
        const findings: Record<string, number> = {};
        const report = await stage.underLoad(async () => {
            try {
                const root = await issue({ subject: "O=cluster.local", ca: true, key: newKey("RSA"), ...validity() });
                await plugIn(stage, root);
                findings["status with istiod restarted"] = await stage.status(SIDES.ours);
                await restartAll(stage, [GATEWAY, GUIDES]);
                findings["with the gateway restarted"] = await stage.status(SIDES.ours);
                findings["of a caller that starts then"] = await newCaller(stage);
            } finally {
                await unplug(stage);
                await restartAll(stage, [GATEWAY, GUIDES]);
                await waitFor("calls as before", 60, async () => (await stage.status(SIDES.ours)) === 200);
            }
        });
        return { ...report, findings };
    },
};
