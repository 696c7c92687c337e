import { compare, propertyPath } from "../shared/compare";
import type {
    CheckRequest,
    CheckResult,
    CreateRequest,
    DiffRequest,
    DiffResult,
    ReadRequest,
    ReadResult,
    StandIn,
    UpdateRequest,
} from "../shared/standIn";
import { markLike, type Properties, reveal, Secret, Unknown } from "../shared/values";
import { newCertRequest, newLocallySignedCert, newSelfSignedCert } from "./certificate";
import { extendedKeyUsages, keyUsages } from "./keyUsages";
import { keyDefaults, keyFailure, newPrivateKey } from "./privateKey";
import { readyForRenewal } from "./renewal";

const secretInputs = ["privateKeyPem", "caPrivateKeyPem"];
const required: Record<string, string[]> = {
    PrivateKey: ["algorithm"],
    CertRequest: ["privateKeyPem"],
    SelfSignedCert: ["privateKeyPem", "allowedUses", "validityPeriodHours"],
    LocallySignedCert: ["caCertPem", "caPrivateKeyPem", "certRequestPem", "allowedUses", "validityPeriodHours"],
};

/** Makes real keys and certificates; keeps them nowhere but in the stack's state, like the official plugin. */
export class TlsStandIn implements StandIn {
    readonly name = "tls";

    constructor(readonly version: string) {}

    check({ type, news }: CheckRequest): Promise<CheckResult> {
        const kind = kindOf(type);
        const inputs: Properties = { ...news };
        for (const property of secretInputs) {
            if (inputs[property] !== undefined && !(inputs[property] instanceof Secret)) {
                inputs[property] = new Secret(inputs[property]);
            }
        }
        const failures = required[kind]
            .filter((property) => inputs[property] === undefined || inputs[property] === null)
            .map((property) => ({ property, reason: `the stand-in for tls needs ${property}` }));
        const uses = Array.isArray(inputs["allowedUses"]) ? inputs["allowedUses"] : [];
        uses.forEach((use, index) => {
            if (typeof use === "string" && !(use in keyUsages) && !(use in extendedKeyUsages)) {
                const known = [...Object.keys(keyUsages), ...Object.keys(extendedKeyUsages)].join(", ");
                failures.push({ property: `allowedUses[${index}]`, reason: `expected one of ${known}; got ${use}` });
            }
        });
        const badKey = kind === "PrivateKey" ? keyFailure(inputs) : undefined;
        return Promise.resolve({ inputs, failures: badKey ? [...failures, badKey] : failures });
    }

    diff({ oldInputs, oldOutputs, news, ignoreChanges }: DiffRequest): Promise<DiffResult> {
        const changes: DiffResult["changes"] = {};
        for (const { path, kind } of compare(oldInputs, news)) {
            // A certificate can't be changed; only when to renew it is a matter of this program.
            changes[propertyPath(path)] = { kind, replace: path[0] !== "earlyRenewalHours" };
        }
        if (readyForRenewal(oldOutputs, news["earlyRenewalHours"]) && !ignoreChanges.includes("readyForRenewal")) {
            changes["readyForRenewal"] = { kind: "update", replace: true, input: false };
        }
        return Promise.resolve({ changes });
    }

    async create({ type, inputs, preview }: CreateRequest): Promise<{ id: string; outputs: Properties }> {
        const kind = kindOf(type);
        if (preview) {
            return { id: "", outputs: kind === "PrivateKey" ? keyDefaults(inputs) : inputs };
        }
        if (kind === "PrivateKey") {
            return newPrivateKey(inputs);
        }
        const make = {
            CertRequest: newCertRequest,
            SelfSignedCert: newSelfSignedCert,
            LocallySignedCert: newLocallySignedCert,
        }[kind as "CertRequest"];
        const { id, outputs } = await make(inputs);
        return { id, outputs: markLike(outputs, inputs) as Properties };
    }

    read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
        if (outputs["validityEndTime"] instanceof Unknown || Object.keys(outputs).length === 0) {
            throw new Error("keys and certificates live in the state only: they can't be imported");
        }
        const renewed = { ...outputs };
        if ("validityEndTime" in outputs) {
            renewed["readyForRenewal"] = readyForRenewal(outputs, reveal(outputs["earlyRenewalHours"]));
        }
        return Promise.resolve({ id, inputs, outputs: renewed });
    }

    update({ oldOutputs, news }: UpdateRequest): Promise<{ outputs: Properties }> {
        return Promise.resolve({ outputs: { ...oldOutputs, earlyRenewalHours: news["earlyRenewalHours"] ?? 0 } });
    }

    delete(): Promise<void> {
        return Promise.resolve();
    }
}

function kindOf(type: string): string {
    const kind = type.split(":").pop() as string;
    if (!(kind in required)) {
        throw new Error(`the stand-in for tls has no ${type}`);
    }
    return kind;
}
