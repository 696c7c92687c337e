import {
    AllowedCaller,
    EgressCredential,
    EgressGateway,
    EgressMode,
    EgressRoute,
    EgressRouteArgs,
    PortProtocol,
} from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { WILDCARD_VERSIONS } from "../../plan/mesh/istioVersions";
import { meshReference } from "../support/meshReference";
import { clusterProvider } from "../support/clusterProvider";

/** Namespaces of these tests. */
export const APPS = "wildcard-apps";
export const GATEWAY = "wildcard-egress";
/** The service account that may call the wildcards; `other` may call the exact hosts below them. */
export const CALLER = "caller";
export const OTHER = "other";

/** Namespaces of services whose names ordinary DNS knows below `dns.example`: a domain each. */
export const DOMAINS = ["wild-mutual", "wild-late", "wild-simple", "wild-http", "wild-direct", "wild-sidecar"] as const;
export type Domain = (typeof DOMAINS)[number];

/** Domains that ordinary DNS does not know. */
export const REBIND_TLS = "rebind-tls.example";
export const REBIND_HTTP = "rebind-http.example";

export function wildcardOf(domain: Domain): string {
    return `*.${domain}.dns.example`;
}

export function hostOf(name: string, domain: Domain): string {
    return `${name}.${domain}.dns.example`;
}

export interface ClientPair {
    certificate: string;
    privateKey: string;
    serverCa: string;
}

/** A gateway with a wildcard of every mode that takes one, and exact hosts below two: one made before it, one after. */
export function wildcardsProgram(local: LocalCluster, client: ClientPair, otherClient: ClientPair) {
    return () => {
        const cluster = clusterProvider(local);
        const opts = { providers: [cluster] };
        const mesh = meshReference(local.settings);
        const gateway = new EgressGateway(
            "wildcards",
            {
                // The lab's charts are a folder of this version's, which does not say so.
                mesh: { ...mesh, istioVersion: mesh.chartVersion ?? `${WILDCARD_VERSIONS[0]}.0` },
                namespace: GATEWAY,
                gatewayName: "wildcards",
                minReplicas: 1,
            },
            opts,
        );
        const credential = (name: string, pair: Partial<ClientPair> & { serverCa: string }, at: object = { gateway }) =>
            new EgressCredential(name, { ...at, ...pair }, opts).secretName;
        const own = credential("own", client);
        const others = credential("others", otherClient);
        const caller: AllowedCaller[] = [{ namespace: APPS, serviceAccounts: [CALLER] }];
        const other: AllowedCaller[] = [{ namespace: APPS, serviceAccounts: [OTHER] }];
        const route = (name: string, args: EgressRouteArgs, after: EgressRoute[] = []) =>
            new EgressRoute(name, args, { ...opts, dependsOn: after });

        const wild = (domain: Domain, args: Partial<EgressRouteArgs> = {}, after: EgressRoute[] = []) =>
            route(domain, { gateway, hosts: [wildcardOf(domain)], allowFrom: caller, ...args }, after);
        const exact = (domain: Domain, after: EgressRoute[] = []) =>
            route(
                `${domain}-exact`,
                { gateway, hosts: [hostOf("exact", domain)], allowFrom: other, credential: others },
                after,
            );
        exact("wild-mutual", [wild("wild-mutual", { credential: own })]);
        wild("wild-late", { credential: own }, [exact("wild-late")]);
        wild("wild-simple", {
            mode: EgressMode.SimpleTls,
            credential: credential("ca", { serverCa: client.serverCa }),
        });
        wild("wild-http", { mode: EgressMode.Http });
        // Of a stranger, whose DNS answers with addresses that are none of his.
        route("rebind-tls", { gateway, hosts: [`*.${REBIND_TLS}`], credential: own, allowFrom: caller });
        route("rebind-http", { gateway, hosts: [`*.${REBIND_HTTP}`], mode: EgressMode.Http, allowFrom: caller });
        wild("wild-direct", {
            gateway: undefined,
            mode: EgressMode.Direct,
            allowFrom: [{ namespace: APPS }],
            ports: [{ number: 80, protocol: PortProtocol.Http }],
        });
        wild("wild-sidecar", {
            gateway: undefined,
            mode: EgressMode.SidecarSimpleTls,
            allowFrom: [{ namespace: APPS }],
            credential: credential("sidecar-ca", { serverCa: client.serverCa }, { workload: { namespace: APPS } }),
        });
        return Promise.resolve({});
    };
}
