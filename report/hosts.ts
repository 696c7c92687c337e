import { AllowedCaller, callerOfPrincipal } from "../plan/shared/caller";
import { fields } from "../review/fields";
import { callerOfMatch, isForEveryone, sourcesOf } from "../review/objects/callers";
import { Action, Change, compare, groupBy } from "./changes";
import { at, list, oneOf, safeText, sorted, texts } from "./safe";
import { StepState } from "./steps";

/** What is known of the way to a host, before or after. */
export interface HostDetails {
    /** Who speaks which TLS; absent where the preview does not tell. */
    mode?: string;
    /** Names of the credentials. */
    credentials: string[];
    /** `namespace/account`, or a namespace with all of its accounts. */
    callers: string[];
    /** Names of the gateways on the way; none where calls go past them. */
    gateways: string[];
    ports: string[];
    /** What is dialled instead of the host. */
    addresses: string[];
}

export interface HostChange {
    host: string;
    /** Where the objects of its route are. */
    namespace: string;
    action: Action;
    before?: HostDetails;
    after?: HostDetails;
    /** The objects that are about this host alone and change, and its credentials that do. */
    touched: string[];
}

interface IstioObject {
    change: Change;
    kind: string;
    namespace: string;
    hosts: string[];
    spec: unknown;
}

type Side = "before" | "after";

/** The hosts of all routes in a preview, those that change first. */
export function hostChanges(changes: Change[]): HostChange[] {
    const before = objectsOf(changes, "before");
    const after = objectsOf(changes, "after");
    // Without the resources that stay, a missing object tells nothing.
    const complete = changes.some(({ action, type }) => action === "same" && type.startsWith("kubernetes:"));
    const old = factsByHost(before, complete);
    const now = factsByHost(after, complete);
    const touched = touchedHosts(before, after);
    const secrets = changes.filter(({ action, type }) => type === "kubernetes:core/v1:Secret" && action !== "same");
    return sorted([...old.keys(), ...now.keys()])
        .map((key) => {
            const [namespace, host] = key.split("\n");
            const own = [...(touched.get(key) ?? [])];
            const one = { host, namespace, before: old.get(key), after: now.get(key) };
            for (const secret of one.before && one.after ? secrets : []) {
                const metadata = at(secret.after?.inputs ?? secret.before?.inputs, "metadata");
                const name = safeText(at(metadata, "name"))?.replace(/-cacert$/, "");
                if (at(metadata, "namespace") === namespace && name && one.after?.credentials.includes(name)) {
                    own.push(`content of credential \`${name}\` (${secret.action})`);
                }
            }
            return { ...one, action: actionOf(one.before, one.after, own), touched: own };
        })
        .sort((one, other) => order(one.action) - order(other.action) || compare(one.host, other.host));
}

/** A host has a route for each set of proxies. No safe text has a line break. */
function keyOf(namespace: string, host: string): string {
    return `${namespace}\n${host}`;
}

function order(action: Action): number {
    return ["delete", "replace", "update", "create", "same"].indexOf(action);
}

function actionOf(before: HostDetails | undefined, after: HostDetails | undefined, touched: string[]): Action {
    if (!before || !after) {
        return before ? "delete" : "create";
    }
    if (touched.some((text) => text.endsWith("(replace)"))) {
        return "replace";
    }
    return touched.length > 0 || JSON.stringify(before) !== JSON.stringify(after) ? "update" : "same";
}

function objectsOf(changes: Change[], side: Side): IstioObject[] {
    return changes.flatMap((change) => {
        const [, group, kind] = /^kubernetes:(?:networking|security)\.istio\.io\/(\w+):(\w+)$/.exec(change.type) ?? [];
        const state = stateOn(change, side);
        if (!group || !state) {
            return [];
        }
        const spec = at(state.inputs, "spec");
        const namespace = safeText(at(state.inputs, "metadata", "namespace")) ?? "default";
        return [{ change, kind, namespace, spec, hosts: sorted(hostsOf(kind, spec)) }];
    });
}

/** A resource that goes has no state after, whatever the engine reports. */
function stateOn({ action, before, after }: Change, side: Side): StepState | undefined {
    if (side === "before") {
        return action === "create" ? undefined : before;
    }
    return action === "delete" ? undefined : (after ?? (action === "same" ? before : undefined));
}

function hostsOf(kind: string, spec: unknown): string[] {
    switch (kind) {
        case "ServiceEntry":
            return at(spec, "location") === "MESH_INTERNAL" ? [] : texts(at(spec, "hosts"));
        case "VirtualService":
            return texts(at(spec, "hosts"));
        case "DestinationRule":
            return texts([at(spec, "host")]);
        case "AuthorizationPolicy":
            return list(at(spec, "rules")).flatMap((rule) => [
                ...list(at(rule, "to")).flatMap((to) =>
                    texts(at(to, "operation", "hosts")).map((host) => host.replace(/:\*$/, "")),
                ),
                ...list(at(rule, "when")).flatMap((when) =>
                    at(when, "key") === "connection.sni" ? texts(at(when, "values")) : [],
                ),
            ]);
        default:
            return [];
    }
}

/** Inside the cluster, or for every host at once: no host outside. */
function isOutside(host: string): boolean {
    return host !== "*" && !/\.(svc|local)$/.test(host) && host.includes(".");
}

function factsByHost(objects: IstioObject[], complete: boolean): Map<string, HostDetails> {
    const pairs = objects.flatMap((object) =>
        object.hosts.filter(isOutside).map((host) => ({ key: keyOf(object.namespace, host), object })),
    );
    const facts = [...groupBy(pairs, ({ key }) => key).entries()].map(([key, own]): [string, HostDetails] => [
        key,
        factsOf(
            own.map(({ object }) => object),
            complete,
        ),
    ]);
    return new Map(facts);
}

function factsOf(objects: IstioObject[], complete: boolean): HostDetails {
    const of = (kind: string) => objects.filter((object) => object.kind === kind);
    const gateways = sorted(
        of("VirtualService").flatMap(({ spec }) => texts(at(spec, "gateways")).filter((name) => name !== "mesh")),
    );
    const tls = of("DestinationRule").flatMap(({ spec }) => tlsSettings(spec));
    const ports = of("ServiceEntry").flatMap(({ spec }) => list(at(spec, "ports")));
    const known = complete || of("ServiceEntry").some(({ change }) => change.action !== "update");
    const viaGateway = gateways.length > 0 || of("AuthorizationPolicy").length > 0;
    return {
        mode: modeOf(of("VirtualService"), tls, viaGateway, known && ports.length > 0),
        credentials: sorted(tls.flatMap((one) => credentialOf(one))),
        callers: sorted(
            viaGateway
                ? callersAtGateway(of("VirtualService"), of("AuthorizationPolicy"))
                : of("ServiceEntry").flatMap(viewersOf),
        ),
        // What a gateway's own hosts are bound to is called like the host in mode passthrough.
        gateways: viaGateway ? gateways : [],
        ports: sorted(ports.flatMap((port) => portOf(port))),
        addresses: sorted(
            of("ServiceEntry").flatMap(({ spec }) =>
                list(at(spec, "endpoints")).flatMap((endpoint) => texts([at(endpoint, "address")])),
            ),
        ),
    };
}

function tlsSettings(spec: unknown): unknown[] {
    const policies = [spec, ...list(at(spec, "subsets"))].map((one) => at(one, "trafficPolicy"));
    return policies
        .flatMap((policy) => [policy, ...list(at(policy, "portLevelSettings"))])
        .map((settings) => at(settings, "tls"))
        .filter((tls) => tls !== undefined);
}

function modeOf(services: IstioObject[], tls: unknown[], viaGateway: boolean, entryKnown: boolean): string | undefined {
    const modes = tls.map((one) => oneOf(at(one, "mode"), ["MUTUAL", "SIMPLE", "DISABLE"]));
    const where = viaGateway ? "" : " from the sidecar";
    if (modes.includes("MUTUAL")) {
        return `mTLS${where}`;
    }
    if (modes.includes("SIMPLE")) {
        return `TLS${where}`;
    }
    if (services.some(({ spec }) => list(at(spec, "tls")).length > 0)) {
        return "passthrough";
    }
    if (modes.includes("DISABLE")) {
        return "plain HTTP";
    }
    return entryKnown && !viaGateway ? "direct" : undefined;
}

function credentialOf(tls: unknown): string[] {
    const name = safeText(at(tls, "credentialName"));
    if (name) {
        return [name.replace(/^configmap:\/\/[^/]*\//, "")];
    }
    return at(tls, "caCertificates") === undefined ? [] : ["from files"];
}

/** Who may call through a gateway: whom the route's ways ask for, or where one asks for nobody, whom the policies name. */
function callersAtGateway(services: IstioObject[], policies: IstioObject[]): string[] {
    const asked = services.flatMap(({ spec }) => callersOfWays(spec));
    return policies.length > 0 && asked.every((caller) => caller === ANYONE) ? policies.flatMap(callersOf) : asked;
}

const ANYONE = "anyone";

function callersOfWays(spec: unknown): string[] {
    const atGateway = (match: unknown) => {
        const gateways = texts(at(match, "gateways") ?? at(spec, "gateways"));
        return gateways.some((name) => name !== "mesh");
    };
    return list(at(spec, "http"))
        .filter((way) => at(way, "directResponse") === undefined)
        .flatMap((way) => list(at(way, "match")).filter(atGateway))
        .flatMap((match) => {
            const caller = callerOfMatch(fields(match));
            return caller === "unknown" ? [] : caller === "anyone" ? [ANYONE] : namesOf([caller]);
        });
}

function callersOf({ spec }: IstioObject): string[] {
    return list(at(spec, "rules"))
        .map(fields)
        .flatMap((rule) => {
            if (isForEveryone(rule)) {
                return [ANYONE];
            }
            const principals = list(rule.from).flatMap((source) => texts(at(source, "source", "principals")));
            return [...namesOf(sourcesOf(rule)), ...principals.filter((one) => callerOfPrincipal(one) === undefined)];
        });
}

function namesOf(callers: AllowedCaller[]): string[] {
    return texts(
        callers.flatMap(
            ({ namespace, serviceAccounts }) => serviceAccounts?.map((one) => `${namespace}/${one}`) ?? [namespace],
        ),
    );
}

/** The namespaces whose sidecars know the host. */
function viewersOf({ spec, namespace }: IstioObject): string[] {
    const exported = texts(at(spec, "exportTo"));
    return (exported.length > 0 ? exported : ["*"]).map((one) =>
        one === "." ? namespace : one === "*" ? "anyone" : one,
    );
}

function portOf(port: unknown): string[] {
    const number = at(port, "targetPort") ?? at(port, "number");
    return typeof number === "number" ? [String(number)] : [];
}

/** What changes of a host beside its facts: an object that gets or loses another host is no change of this one. */
function touchedHosts(before: IstioObject[], after: IstioObject[]): Map<string, Set<string>> {
    const touched = new Map<string, Set<string>>();
    const old = new Map(before.map((object) => [object.change.urn, object]));
    for (const { change, kind, namespace, hosts } of after) {
        const sameHosts = JSON.stringify(old.get(change.urn)?.hosts) === JSON.stringify(hosts);
        if (change.action === "replace" || (change.action === "update" && sameHosts)) {
            for (const host of hosts) {
                const key = keyOf(namespace, host);
                touched.set(key, (touched.get(key) ?? new Set()).add(`${kind} (${change.action})`));
            }
        }
    }
    return touched;
}

/** The facts as the page has them: `mTLS, certificate partner-a, callers payments/billing`. */
export function describeHost(facts: HostDetails): string {
    const names = (values: string[]) => values.map((value) => `\`${value}\``).join(", ");
    const parts = [
        facts.mode,
        facts.credentials.length > 0 && `${credentialWord(facts)} ${names(facts.credentials)}`,
        facts.callers.length > 0 && `callers ${names(facts.callers)}`,
        facts.ports.length > 0 && `port ${names(facts.ports)}`,
        facts.addresses.length > 0 && `dialled at ${names(facts.addresses)}`,
    ];
    return parts.filter(Boolean).join(", ");
}

/** Without a client certificate, the credential is the CA that the server is verified against. */
function credentialWord({ mode }: HostDetails): string {
    return mode?.startsWith("TLS") ? "CA" : "certificate";
}

/** What is different, fact by fact. */
export function describeDifference(before: HostDetails, after: HostDetails): string[] {
    const list = (values: string[]) => values.map((value) => `\`${value}\``).join(", ") || "none";
    const moved = (what: string, old: string, now: string) => (old === now ? [] : [`${what} ${old} → ${now}`]);
    return [
        ...(before.mode && after.mode ? moved("mode", before.mode, after.mode) : []),
        ...moved(credentialWord(after), list(before.credentials), list(after.credentials)),
        ...moved("callers", list(before.callers), list(after.callers)),
        ...moved("gateway", list(before.gateways), list(after.gateways)),
        ...moved("port", list(before.ports), list(after.ports)),
        ...moved("dialled at", list(before.addresses), list(after.addresses)),
    ];
}
