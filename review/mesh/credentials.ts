import { DestinationRule, TlsSettings, originates } from "../objects/destinationRule";
import { Secret } from "../objects/secret";
import { isWildcard } from "../hosts";
import { Call } from "./calls";
import { EffectiveRules } from "./effectiveRules";
import { Inventory } from "./inventory";

/** A credential that the proxies of a namespace ask istiod for. */
export interface CredentialUse {
    tls: TlsSettings;
    /** Name of the secret; istiod looks for it in the proxy's own namespace only. */
    name: string;
    namespace: string;
}

/**
 * Whether a sidecar that no selector matches ignores such settings, and so calls in plaintext (run). A CA in a ConfigMap
 * is public and exempt.
 */
export function isIgnoredBySidecars(tls: TlsSettings): boolean {
    return tls.credentialName !== undefined && !tls.credentialName.startsWith("configmap://");
}

/** The name of a credential's secret; undefined if the credential is not a secret in the proxy's own namespace. */
export function secretName(credentialName: string): string | undefined {
    const name = credentialName.replace(/^kubernetes:\/\//, "");
    return name.includes("/") ? undefined : name;
}

/** The credentials whose users the set shows: gateways, and the workloads that a rule selects. */
export function credentialUses(mesh: Inventory, calls: Call[]): CredentialUse[] {
    // A rule is read for each host and port that it is for.
    const uses = new Map<string, CredentialUse>();
    const addAll = (rule: DestinationRule, namespace: string) => {
        for (const tls of rule.allTls) {
            const name = originates(tls) && tls.credentialName ? secretName(tls.credentialName) : undefined;
            if (name !== undefined) {
                uses.set(`${namespace} ${tls.ref.namespace}/${tls.ref.name} ${tls.path}`, { tls, name, namespace });
            }
        }
    };
    const seen = new Set<EffectiveRules>();
    for (const { caller, namespace, rules } of calls) {
        if (caller !== "sidecar" && rules.general && !seen.has(rules)) {
            seen.add(rules);
            addAll(rules.general, namespace);
        }
    }
    mesh.destinationRules
        .filter(({ workloadSelector }) => workloadSelector !== undefined)
        .forEach((rule) => addAll(rule, rule.ref.namespace));
    // A Kubernetes service needs no entry.
    mesh.destinationRules
        .filter(
            ({ ref, host, workloadSelector }) =>
                workloadSelector === undefined && mesh.gatewayNamespaces.has(ref.namespace) && !isDeclared(mesh, host),
        )
        .forEach((rule) => addAll(rule, rule.ref.namespace));
    return [...uses.values()];
}

function isDeclared({ entriesByHost }: Inventory, host: string): boolean {
    return (isWildcard(host) ? entriesByHost.coveredBy(host) : entriesByHost.exact(host)).length > 0;
}

export function findSecret({ secretsByName }: Inventory, namespace: string, name: string): Secret | undefined {
    return secretsByName.get(name)?.find(({ ref }) => ref.namespace === namespace);
}

/** The secret that a credential's CA is taken from before its own is looked at. */
export function caSecretName(name: string): string {
    return `${name}-cacert`;
}

/** The keys that Istio takes the CA from, in the order in which it looks, each with its revocation list's. */
export const CA_KEYS = [
    { ca: "cacert", crl: "crl" },
    { ca: "ca.crt", crl: "ca.crl" },
];

export function hasCa({ keys }: Secret): boolean {
    return CA_KEYS.some(({ ca }) => keys.includes(ca));
}
