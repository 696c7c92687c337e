import {
    AllowedCaller,
    CredentialSource,
    EgressCredential,
    EgressGateway,
    EgressMode,
    EgressPort,
    EgressRoute,
    EgressRouteArgs,
    GatewayTransport,
    PortProtocol,
    RouteVisibility,
    SecretFormat,
} from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { meshReference } from "../support/meshReference";
import { PARTNER } from "../support/partner";
import { clusterProvider } from "../support/clusterProvider";

/** Namespaces of these tests. */
export const APPS = "modes-apps";
export const PARTNERS = "modes-partner";
export const GATEWAY = "modes-egress";
/** The service account that may call. */
export const CALLER = "caller";
/** Labels of the workloads whose sidecars originate TLS. */
export const SELECTED = { tls: "sidecar" };

/** A name that ordinary DNS knows, and Kubernetes and Istio do not. */
export const RESOLVABLE = `partner.${PARTNERS}.dns.example`;

/** A service that leads from the port of plain HTTP to the server that redirects. */
export const DETOUR = `detour.${PARTNERS}.svc.cluster.local`;

/** PEM texts that the program delivers. */
export interface Pems {
    certificate: string;
    privateKey: string;
    /** The CA of most servers and of the client. */
    ca: string;
    /** The CA of one server. */
    otherCa: string;
}

/** The routes whose secret the test itself makes: a case of Istio's own each, with the mode that uses it. */
export const SECRET_CASES = {
    absent: EgressMode.MutualTls,
    "wrong-ca": EgressMode.MutualTls,
    "ca-alone": EgressMode.MutualTls,
    "foreign-client": EgressMode.MutualTls,
    "revoked-server": EgressMode.MutualTls,
    "unrelated-revocation": EgressMode.MutualTls,
    "fake-root": EgressMode.SimpleTls,
    "simple-absent": EgressMode.SimpleTls,
} as const;

export function caseHost(name: string): string {
    return `${name}.modes.example`;
}

/** A gateway of its own, and every mode that there is. */
export function modesProgram(local: LocalCluster, pems: Pems) {
    return () => {
        const cluster = clusterProvider(local);
        const opts = { providers: [cluster] };
        const mesh = meshReference(local.settings);
        const gateway = new EgressGateway(
            "modes",
            {
                mesh,
                namespace: GATEWAY,
                gatewayName: "modes",
                minReplicas: 1,
                plaintextPort: true,
                mountedCredentials: ["from-files"],
            },
            opts,
        );
        const address = `partner.${PARTNERS}.svc.cluster.local`;
        const workload = { namespace: APPS };
        const client = { certificate: pems.certificate, privateKey: pems.privateKey, serverCa: pems.ca };
        const credential = (name: string, args: Partial<ConstructorParameters<typeof EgressCredential>[1]>) =>
            new EgressCredential(name, { serverCa: pems.ca, ...args }, opts).secretName;
        const verified: AllowedCaller[] = [{ namespace: APPS, serviceAccounts: [CALLER] }];
        const route = (name: string, args: Partial<EgressRouteArgs>) =>
            new EgressRoute(name, { hosts: [caseHost(name)], allowFrom: verified, address, ...args }, opts);
        const throughGateway = (name: string, args: Partial<EgressRouteArgs>) => route(name, { gateway, ...args });
        const pastGateway = (name: string, args: Partial<EgressRouteArgs>) =>
            route(name, { allowFrom: [{ namespace: APPS }], ...args });

        const mutual = credential("client", { gateway, ...client });
        throughGateway("mutual", {
            hosts: [caseHost("mutual"), caseHost("unnamed")],
            credential: mutual,
            port: PARTNER.mutual,
        });
        throughGateway("generic", {
            credential: credential("generic-client", { gateway, ...client, format: SecretFormat.Generic }),
            port: PARTNER.mutual,
        });
        throughGateway("files", {
            credential: credential("from-files", { gateway, ...client }),
            credentialSource: CredentialSource.Files,
            port: PARTNER.mutual,
        });
        throughGateway("without-certificate", {
            mode: EgressMode.SimpleTls,
            credential: credential("ca", { gateway }),
            port: PARTNER.mutual,
        });

        const simple = { mode: EgressMode.SimpleTls, port: PARTNER.simple };
        throughGateway("simple", { ...simple, credential: "ca" });
        throughGateway("other-ca", {
            ...simple,
            credential: credential("second-ca", { gateway, serverCa: pems.otherCa }),
        });
        throughGateway("crossed-ca", { ...simple, credential: "second-ca" });
        throughGateway("system-ca", simple);
        throughGateway("public", { ...simple, credential: "ca" });
        throughGateway("hostile", { ...simple, credential: "ca" });
        throughGateway("simple-plaintext-leg", {
            ...simple,
            credential: "ca",
            gatewayTransport: GatewayTransport.Plaintext,
            allowFrom: [{ namespace: APPS }],
        });

        const http = { mode: EgressMode.Http, port: PARTNER.http };
        throughGateway("http", http);
        throughGateway("http-plaintext-leg", {
            ...http,
            gatewayTransport: GatewayTransport.Plaintext,
            allowFrom: [{ namespace: APPS }],
        });
        throughGateway("resolvable", {
            ...http,
            hosts: [RESOLVABLE],
            address: undefined,
            visibility: RouteVisibility.Gateway,
        });
        // Plaintext to a TLS port, as when a gateway's TLS is turned off.
        throughGateway("tls-off", { ...http, port: PARTNER.mutual });

        throughGateway("passthrough", {
            mode: EgressMode.Passthrough,
            hosts: [caseHost("passthrough"), caseHost("passthrough-simple")],
            port: PARTNER.mutual,
        });

        const sidecar = { port: PARTNER.mutual, workloadLabels: SELECTED };
        pastGateway("sidecar", {
            ...sidecar,
            mode: EgressMode.SidecarMutualTls,
            allowFrom: verified,
            credential: credential("sidecar-client", {
                workload: { ...workload, serviceAccounts: [CALLER] },
                ...client,
            }),
        });
        const fromFiles = pastGateway("sidecar-files", {
            ...sidecar,
            mode: EgressMode.SidecarMutualTls,
            workloadLabels: { files: "mounted" },
            credential: credential("mounted-client", { workload, ...client }),
            credentialSource: CredentialSource.Files,
        });
        pastGateway("sidecar-simple", {
            mode: EgressMode.SidecarSimpleTls,
            port: PARTNER.simple,
            credential: credential("sidecar-ca", { workload }),
        });

        const direct = (name: string, ports: EgressPort[], args: Partial<EgressRouteArgs> = {}) =>
            pastGateway(name, { mode: EgressMode.Direct, ports, ...args });
        const { Http, Tls, Tcp } = PortProtocol;
        direct("direct", [
            { number: PARTNER.http, protocol: Http },
            { number: PARTNER.redirect, protocol: Http },
            { number: PARTNER.simple, protocol: Tls },
        ]);
        direct("tcp", [{ number: PARTNER.http, protocol: Tcp }], { hosts: [caseHost("tcp-one"), caseHost("tcp-two")] });
        direct("tcp-other", [{ number: PARTNER.http, protocol: Tcp }], { address: DETOUR });
        direct("named", [{ number: PARTNER.http, protocol: Http }], {
            hosts: [`named.${PARTNERS}.dns.example`],
            address: undefined,
            serviceName: "partner",
        });

        for (const [name, mode] of Object.entries(SECRET_CASES)) {
            const port = mode === EgressMode.MutualTls ? PARTNER.mutual : PARTNER.simple;
            throughGateway(name, { mode, port, credential: name });
        }
        return Promise.resolve({ podAnnotations: fromFiles.podAnnotations });
    };
}
