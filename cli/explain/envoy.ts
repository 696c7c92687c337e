import { covers } from "../../review/hosts";
import { Fields, fields, list, number, text, texts } from "../../review/fields";

/*
 * Reads what a proxy's administration page `config_dump` says. Its form is Envoy's (envoy.admin.v3.ConfigDump).
 */

/** One way that requests for a host take in a proxy. */
export interface ProxyRoute {
    /** The cluster that they are sent to; absent for a direct response. */
    cluster?: string;
    /** The status that the proxy answers with itself. */
    directStatus?: number;
    /** `namespace/name` of the VirtualService that says so; absent for Istio's own default. */
    virtualService?: string;
    /** The regular expressions that headers must match, by header. */
    headers: Record<string, string>;
}

/** How a proxy calls one cluster. */
export interface ProxyCluster {
    name: string;
    /** Whether the proxy originates TLS. */
    hasTls: boolean;
    /** Name of the secret with the client certificate that it shows. */
    certificateSecret?: string;
    /** Name of the secret with the CAs that it trusts. */
    caSecret?: string;
    sni?: string;
    /** `namespace/name` of the DestinationRule. */
    destinationRule?: string;
    /** Port that is dialled; 0 where Envoy is told the address by istiod. */
    port: number;
    /** Whether Envoy still waits for something before it uses the cluster: its secret or its address. */
    isWarming: boolean;
}

/** The configuration of one proxy, as far as a call to a host depends on it. */
export interface ProxyConfig {
    /** The routes of a host on a port of the mesh or of a gateway, first match first; undefined where it has none. */
    routesOf: (host: string, port: number) => ProxyRoute[] | undefined;
    /** The cluster of a name, active or warming. */
    clusterOf: (name: string) => ProxyCluster | undefined;
    /** Clusters of TLS that the proxy forwards by its name, for such a name. */
    forwardedTo: (sni: string) => string[];
    /** Names of secrets that the proxy has, and those that it waits for. */
    secrets: { active: string[]; warming: string[] };
}

export function readProxyConfig(dump: unknown): ProxyConfig {
    const configs = list(fields(dump).configs).map(fields);
    const of = (kind: string) => configs.find((config) => String(config["@type"]).endsWith(`.${kind}`)) ?? {};
    const routeConfigs = ["static_route_configs", "dynamic_route_configs"].flatMap((key) =>
        list(of("RoutesConfigDump")[key]).map((one) => fields(fields(one).route_config)),
    );
    const clusters = new Map<string, ProxyCluster>();
    for (const [key, isWarming] of [
        ["dynamic_warming_clusters", true],
        ["dynamic_active_clusters", false],
    ] as const) {
        for (const one of list(of("ClustersConfigDump")[key])) {
            const cluster = readCluster(fields(fields(one).cluster), isWarming);
            clusters.set(cluster.name, cluster);
        }
    }
    const names = (key: string) => list(of("SecretsConfigDump")[key]).map((one) => text(fields(one).name) ?? "");
    const chains = listenersOf(of("ListenersConfigDump")).flatMap((listener) =>
        list(listener.filter_chains).map(fields),
    );
    return {
        routesOf: (host, port) => hostRoutes(routeConfigs, host, port),
        clusterOf: (name) => clusters.get(name),
        forwardedTo: (sni) =>
            chains
                .filter((chain) => texts(fields(chain.filter_chain_match).server_names).includes(sni))
                .flatMap((chain) => list(chain.filters).map(fields))
                .flatMap(({ typed_config: config }) => text(fields(config).cluster) ?? []),
        secrets: { active: names("dynamic_active_secrets"), warming: names("dynamic_warming_secrets") },
    };
}

function listenersOf(dump: Fields): Fields[] {
    return list(dump.dynamic_listeners).map((one) => fields(fields(fields(one).active_state).listener));
}

/** Sidecars name their routes after the port, gateways `https.443.name.gateway.namespace`. */
function isOfPort(name: string, port: number): boolean {
    return name === String(port) || new RegExp(`^https?\\.${port}(\\.|$)`).test(name) || name.endsWith(`:${port}`);
}

function hostRoutes(configs: Fields[], host: string, port: number): ProxyRoute[] | undefined {
    const all = configs
        .filter(({ name }) => isOfPort(String(name), port))
        .flatMap((config) => list(config.virtual_hosts).map(fields));
    const domain = mostSpecific(
        all.flatMap(({ domains }) => texts(domains)),
        host,
    );
    const found = all.filter(({ domains }) =>
        texts(domains).some((one) => one === (domain ?? host) || one === `${host}:${port}`),
    );
    return found.length === 0
        ? undefined
        : found.flatMap(({ routes }) => list(routes).map((one) => readRoute(fields(one))));
}

/** The domain that Envoy takes for the host: its own name, or else the longest wildcard. `*` is left out: it takes the hosts of no route. */
function mostSpecific(domains: string[], host: string): string | undefined {
    const fitting = domains.filter((one) => one !== "*" && covers(one, host));
    return fitting.find((one) => one === host) ?? fitting.sort((one, other) => other.length - one.length)[0];
}

function readRoute(route: Fields): ProxyRoute {
    const action = fields(route.route);
    const weighted = list(fields(action.weighted_clusters).clusters).map(fields);
    const status = number(fields(route.direct_response).status);
    const origin = text(fields(fields(fields(fields(route.metadata).filter_metadata).istio)).config);
    return {
        cluster: text(action.cluster) ?? text(weighted[0]?.name),
        ...(status !== undefined && { directStatus: status }),
        virtualService: objectName(origin),
        headers: Object.fromEntries(
            list(fields(route.match).headers)
                .map(fields)
                .flatMap(({ name, string_match: match }): [string, string][] => {
                    const regex = text(fields(fields(match).safe_regex).regex);
                    return text(name) && regex ? [[String(name), regex]] : [];
                }),
        ),
    };
}

/** `namespace/name` of an object's path in the API. */
function objectName(path: string | undefined): string | undefined {
    const [, namespace, name] = /\/namespaces\/([^/]+)\/[^/]+\/([^/]+)$/.exec(path ?? "") ?? [];
    return namespace === undefined ? undefined : `${namespace}/${name}`;
}

function readCluster(cluster: Fields, isWarming: boolean): ProxyCluster {
    const socket = fields(fields(cluster.transport_socket).typed_config);
    const context = fields(socket.common_tls_context);
    // Other names are files of the proxy, such as its image's own CAs.
    const secretOf = (value: unknown) => /^kubernetes:\/\/(.+)$/.exec(text(fields(value).name) ?? "")?.[1];
    const [certificate] = list(context.tls_certificate_sds_secret_configs);
    const validation = fields(context.combined_validation_context).validation_context_sds_secret_config;
    const endpoint = fields(list(fields(list(fields(cluster.load_assignment).endpoints)[0]).lb_endpoints)[0]);
    return {
        name: text(cluster.name) ?? "",
        hasTls: text(socket["@type"])?.endsWith("UpstreamTlsContext") ?? false,
        certificateSecret: secretOf(certificate),
        caSecret: secretOf(validation ?? context.validation_context_sds_secret_config),
        sni: text(socket.sni),
        destinationRule: objectName(text(fields(fields(fields(cluster.metadata).filter_metadata).istio).config)),
        port: number(fields(fields(fields(endpoint.endpoint).address).socket_address).port_value) ?? 0,
        isWarming,
    };
}
