import { Fields, fields, has, list, number, text, textMap, texts } from "../fields";
import { fullHost } from "../hosts";
import { ObjectRef, RawObject, Viewed, objectRef } from "../rawObject";

/** How a rule encrypts calls. */
export interface TlsSettings extends Viewed {
    /** Where in the object. */
    path: string;
    mode: string;
    sni?: string;
    subjectAltNames: string[];
    credentialName?: string;
    /** Paths of files in the proxy, of its certificate and of its CAs. */
    clientCertificate?: string;
    caCertificates?: string;
    insecureSkipVerify: boolean;
}

export interface TrafficPolicy {
    tls?: TlsSettings;
    /** A port's settings replace the others as a whole, even where they say nothing of TLS. */
    ports: { number?: number; tls?: TlsSettings }[];
    /** As written, to be compared. */
    raw: unknown;
}

export interface Subset {
    name: string;
    path: string;
    trafficPolicy?: TrafficPolicy;
    raw: unknown;
}

export interface DestinationRule extends Viewed {
    host: string;
    exportTo: string[];
    workloadSelector?: Record<string, string>;
    trafficPolicy?: TrafficPolicy;
    subsets: Subset[];
    subsetsByName: Map<string, Subset>;
    /** Everything that it says of TLS. */
    allTls: TlsSettings[];
}

export function readDestinationRule(object: RawObject): DestinationRule {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const subsets = list(spec.subsets).map((value, index) => readSubset(ref, value, `spec.subsets[${index}]`));
    const trafficPolicy = has(spec, "trafficPolicy")
        ? readPolicy(ref, "spec.trafficPolicy", fields(spec.trafficPolicy))
        : undefined;
    return {
        ref,
        host: fullHost(text(spec.host) ?? "", ref.namespace),
        // A rule for some workloads is never seen outside their namespace, whatever it says.
        exportTo: has(spec, "workloadSelector") ? ["."] : texts(spec.exportTo),
        ...(has(spec, "workloadSelector") && { workloadSelector: textMap(fields(spec.workloadSelector).matchLabels) }),
        ...policies(trafficPolicy, subsets),
    };
}

type Policies = Pick<DestinationRule, "trafficPolicy" | "subsets" | "subsetsByName" | "allTls">;

/** What a rule says, with what finds it. Of two subsets with one name the first counts. */
export function policies(trafficPolicy: TrafficPolicy | undefined, subsets: Subset[]): Policies {
    return {
        trafficPolicy,
        subsets,
        subsetsByName:
            subsets.length === 0 ? NO_SUBSETS : new Map([...subsets].reverse().map((one) => [one.name, one])),
        allTls: [...allTls(trafficPolicy), ...subsets.flatMap((subset) => allTls(subset.trafficPolicy))],
    };
}

const NO_SUBSETS = new Map<string, Subset>();

function allTls(policy: TrafficPolicy | undefined): TlsSettings[] {
    return policy ? [policy, ...policy.ports].flatMap(({ tls }) => tls ?? []) : [];
}

function readSubset(ref: ObjectRef, value: unknown, path: string): Subset {
    const subset = fields(value);
    return {
        name: text(subset.name) ?? "",
        path,
        ...(has(subset, "trafficPolicy") && {
            trafficPolicy: readPolicy(ref, `${path}.trafficPolicy`, fields(subset.trafficPolicy)),
        }),
        raw: value,
    };
}

function readPolicy(ref: ObjectRef, path: string, policy: Fields): TrafficPolicy {
    return {
        ...readTls(ref, path, policy),
        ports: list(policy.portLevelSettings).map((value, index) => {
            const port = fields(value);
            return {
                ...readTls(ref, `${path}.portLevelSettings[${index}]`, port),
                number: number(fields(port.port).number),
            };
        }),
        raw: policy,
    };
}

function readTls(ref: ObjectRef, path: string, policy: Fields): { tls?: TlsSettings } {
    if (!has(policy, "tls")) {
        return {};
    }
    const tls = fields(policy.tls);
    return {
        tls: {
            ref,
            path: `${path}.tls`,
            mode: text(tls.mode) ?? "DISABLE",
            sni: text(tls.sni),
            subjectAltNames: texts(tls.subjectAltNames),
            credentialName: text(tls.credentialName),
            clientCertificate: text(tls.clientCertificate),
            caCertificates: text(tls.caCertificates),
            insecureSkipVerify: tls.insecureSkipVerify === true,
        },
    };
}

/** Whether the proxy that reads the rule starts TLS of its own towards the host. */
export function originates(tls: TlsSettings | undefined): tls is TlsSettings {
    return tls?.mode === "SIMPLE" || tls?.mode === "MUTUAL";
}

/** What holds for calls to one port, as Istio lays a subset's policy on the rule's, and a port's on both. */
export function tlsFor(rule: DestinationRule, port: number, subset?: string): TlsSettings | undefined {
    const own = subset === undefined ? undefined : rule.subsetsByName.get(subset)?.trafficPolicy;
    const ownPort = own?.ports.find((settings) => settings.number === port);
    if (ownPort) {
        return ownPort.tls;
    }
    const general = rule.trafficPolicy?.ports.find((settings) => settings.number === port) ?? rule.trafficPolicy;
    return own?.tls ?? general?.tls;
}
