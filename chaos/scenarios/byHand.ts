import { isDeepStrictEqual } from "node:util";
import { EngineEvent } from "@pulumi/pulumi/automation";
import { messageOf } from "../../lab/errors";
import { AnyObject, waitFor } from "../../lab/proof/cluster";
import { previewReport } from "../../report";
import { issue } from "../../test/support/certificates";
import { Partner, validity } from "../partner/partner";
import { GATEWAY_OBJECTS, GatewayObject, nameOf, reference } from "../stage/gatewayObjects";
import { CREDENTIAL, GATEWAY, SIDES } from "../stage/places";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

/*
 * Somebody who changes objects by hand.
 */

export const deletedByHand: Scenario = {
    name: "deleted-by-hand",
    what: "each kind of object that a gateway and its route have, except those of Helm, is deleted by hand, one after the other",
    promised: {
        text: "the drift report names each, and nothing else; `pulumi up --refresh` repairs it; nothing is sent in plaintext meanwhile, except after a VirtualService is deleted",
        failed: Infinity,
    },
    run: async (stage) => {
        const findings: Record<string, string> = {};
        const missed: string[] = [];
        const { ours } = await stage.underLoad(async () => {
            for (const object of GATEWAY_OBJECTS) {
                await stage.partner.refused();
                await stage.cluster.remove(reference(object));
                const status = await stage.status(SIDES.ours);
                await assertReported(stage, object, "Changed by hand");
                await stage.stack.up({ refresh: true });
                if (!(await stage.cluster.exists(reference(object)))) {
                    throw new Error(`${nameOf(object)} is not there after \`pulumi up --refresh\``);
                }
                await answered(stage);
                const unsafe = await stage.partner.refused();
                findings[nameOf(object)] = `${status} at once after, repaired${told(unsafe)}`;
                // Not promised there: the page says why.
                if (unsafe.plaintext > 0 && object.kind !== "VirtualService") {
                    missed.push(`${PLAINTEXT} after ${nameOf(object)} was deleted`);
                }
            }
        });
        return { ours, findings, missed };
    },
};

interface Edit {
    object: GatewayObject;
    what: string;
    /** Changes the object in place. */
    edit: (object: EditedObject) => void | Promise<void>;
    /** Whether all calls fail from then on. */
    closes: boolean;
}

interface EditedObject extends AnyObject {
    /** The fields that are edited. */
    spec: {
        hosts?: string[];
        rules?: object[];
        servers?: { hosts: string[] }[];
        trafficPolicy?: { tls?: object; portLevelSettings?: object[] };
    };
    data: Record<string, string>;
}

const OTHER_HOST = "other.more.example";

const edit = (kind: string, name: string, closes: boolean, what: string, change: Edit["edit"]): Edit => {
    const object = GATEWAY_OBJECTS.find((one) => one.kind === kind && one.name === name);
    if (!object) {
        throw new Error(`There is no ${kind} ${name} to edit.`);
    }
    return { object, what, edit: change, closes };
};

const toOtherHost: Edit["edit"] = ({ spec }) => {
    spec.hosts = [OTHER_HOST];
};

/** Changes what is there: fields that are added belong to whoever added them, and stay. */
const toPlaintext: Edit["edit"] = ({ spec }) => {
    const { tls, portLevelSettings } = spec.trafficPolicy ?? {};
    const plaintext = { mode: "DISABLE" };
    spec.trafficPolicy = {
        ...spec.trafficPolicy,
        ...(tls && { tls: plaintext }),
        ...(portLevelSettings && { portLevelSettings: portLevelSettings.map((port) => ({ ...port, tls: plaintext })) }),
    };
};

const EDITS: Edit[] = [
    edit("Gateway", GATEWAY.name, true, "serves another host", ({ spec }) => {
        spec.servers = spec.servers?.map((server) => ({ ...server, hosts: [OTHER_HOST] }));
    }),
    edit("VirtualService", "api-chaos-example", true, "is for another host", toOtherHost),
    edit("DestinationRule", "api-chaos-example", true, "loses its TLS", toPlaintext),
    edit("DestinationRule", `${GATEWAY.name}.service`, true, "loses its TLS", toPlaintext),
    edit("DestinationRule", `${GATEWAY.name}.tls-by-default`, false, "loses its TLS", toPlaintext),
    edit("ServiceEntry", "api-chaos-example", true, "is for another host", toOtherHost),
    edit("AuthorizationPolicy", `${GATEWAY.name}.deny-by-default`, true, "allows nothing", ({ spec }) => {
        spec.rules = [];
    }),
    // Connections that are open go on.
    edit("Secret", CREDENTIAL, false, "has a certificate of another CA", async ({ data }) => {
        const other = await Partner.client(await issue({ subject: "CN=other CA", ca: true, ...validity() }));
        data["tls.crt"] = Buffer.from(other.certificate).toString("base64");
        data["tls.key"] = Buffer.from(other.privateKey).toString("base64");
    }),
];

export const editedByHand: Scenario = {
    name: "edited-by-hand",
    what: "each kind of object that a gateway and its route have, except those of Helm, is edited by hand, one after the other",
    promised: {
        text: "an edit that takes away what a call needs makes it fail; the drift report names each, a Secret under its updates, and nothing else; `pulumi up --refresh` says who has the field, and with `PULUMI_K8S_ENABLE_PATCH_FORCE=true` repairs it",
        failed: Infinity,
    },
    run: async (stage) => {
        const findings: Record<string, string> = {};
        const { ours } = await stage.underLoad(async () => {
            try {
                for (const one of EDITS) {
                    findings[`${nameOf(one.object)} ${one.what}`] = await edited(stage, one);
                }
            } finally {
                // An edit that stays makes every later update fail.
                await taking(stage, () => stage.stack.up({ refresh: true }));
            }
        });
        return { ours, findings };
    },
};

/** Edits an object, has it named and repaired, and tells what was seen. Throws if it was not as promised. */
async function edited(stage: Stage, { object, edit: change, closes }: Edit): Promise<string> {
    const { objects } = stage.cluster;
    const read = () => objects.read<EditedObject>(reference(object));
    const before = await read();
    const changed = structuredClone(before);
    await change(changed);
    await stage.partner.refused();
    await objects.replace(changed);
    if (closes) {
        await waitFor("calls to fail", 60, async () => (await stage.status(SIDES.ours)) !== 200);
    }
    const status = await stage.status(SIDES.ours);
    const unsafe = told(await stage.partner.refused());
    // What is in a Secret is hidden from the report, too: an update for no reason of the program.
    const section = object.kind === "Secret" ? "Updated and created" : "Changed by hand";
    await taking(stage, () => assertReported(stage, object, section));
    const withoutForce = await stage.stack.up({ refresh: true }).then(
        () => "says nothing",
        (error: unknown) => /conflicts? with [^(\n]*/.exec(messageOf(error))?.[0].trim() ?? messageOf(error),
    );
    if (!/^conflicts? with /.test(withoutForce)) {
        throw new Error(`\`pulumi up --refresh\` does not say who has changed ${nameOf(object)}: ${withoutForce}`);
    }
    await taking(stage, () => stage.stack.up({ refresh: true }));
    const after = await read();
    if (!isDeepStrictEqual([after.spec, after.data], [before.spec, before.data])) {
        throw new Error(`${nameOf(object)} is not repaired: ${JSON.stringify(after.spec)}`);
    }
    await answered(stage);
    return `${status}${unsafe}, \`pulumi up --refresh\`: ${withoutForce}`;
}

/** Fails where a section of the report of a preview with a refresh does not name an object, or names another one. */
async function assertReported({ stack }: Stage, object: GatewayObject, section: string): Promise<void> {
    const events: EngineEvent[] = [];
    await stack.preview({ refresh: true, onEvent: (event) => void events.push(event) });
    const { markdown } = previewReport(events, { stack: stack.name, now: new Date() });
    const [, part = ""] = markdown.split(section);
    // By their names in the stack: one line, and nothing else changed.
    const named = part.split(/\n### |<\/details>/)[0].match(/^- .*/gm) ?? [];
    if (named.length !== 1 || !named[0].includes(`\`${object.kind}\``)) {
        throw new Error(`the drift report does not name ${nameOf(object)}:\n${markdown}`);
    }
}

const PLAINTEXT = "the partner refused plaintext";

/** What the partner refused in the handshake since it was last asked, to go on a sentence with. */
function told({ plaintext, withoutCertificate }: Awaited<ReturnType<Partner["refused"]>>): string {
    return [
        ...(plaintext > 0 ? [`, ${PLAINTEXT}`] : []),
        ...(withoutCertificate > 0 ? [", the partner refused connections without a certificate"] : []),
    ].join("");
}

/** Runs an operation that takes fields over from whoever has changed them. */
async function taking({ stack }: Stage, operation: () => Promise<unknown>): Promise<void> {
    const { envVars } = stack.workspace;
    stack.workspace.envVars = { ...envVars, PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
    try {
        await operation();
    } finally {
        stack.workspace.envVars = envVars;
    }
}

function answered(stage: Stage): Promise<boolean> {
    return waitFor("calls to be answered again", 60, async () => (await stage.status(SIDES.ours)) === 200);
}
