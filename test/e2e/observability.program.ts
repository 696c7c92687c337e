import { EgressCredential, EgressGateway, EgressMode, EgressRoute, EgressRouteArgs } from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { meshReference } from "../support/meshReference";
import { PARTNER } from "../support/partner";
import { clusterProvider } from "../support/clusterProvider";

export const APPS = "observed-apps";
export const PARTNERS = "observed-partner";
export const GATEWAY = "observed-egress";
/** Name of the gateway. */
export const OBSERVED = "observed";
/** The service account that may call; `STRANGER` may not. */
export const CALLER = "caller";
export const STRANGER = "stranger";
/** A host that gets a client certificate, one whose certificate has other names, and one whose TLS is the application's. */
export const MUTUAL = "mutual.observed.example";
export const MISNAMED = "misnamed.observed.example";
export const TLS = "tls.observed.example";
/** Name of the client certificate. */
export const CREDENTIAL = "observed-client";

export interface ObservedPems {
    certificate: string;
    privateKey: string;
    serverCa: string;
}

/** A gateway that tells everything of its calls, with a route of each kind that its logs and metrics tell apart. */
export function observabilityProgram(local: LocalCluster, client: ObservedPems) {
    return () => {
        const cluster = clusterProvider(local);
        const opts = { providers: [cluster] };
        const gateway = new EgressGateway(
            OBSERVED,
            {
                mesh: { ...meshReference(local.settings), auditLog: true },
                namespace: GATEWAY,
                gatewayName: OBSERVED,
                minReplicas: 1,
            },
            opts,
        );
        const credential = new EgressCredential(CREDENTIAL, { gateway, ...client }, opts).secretName;
        const route = (name: string, args: Partial<EgressRouteArgs> & { hosts: string[] }) =>
            new EgressRoute(
                name,
                {
                    gateway,
                    address: `partner.${PARTNERS}.svc.cluster.local`,
                    allowFrom: [{ namespace: APPS, serviceAccounts: [CALLER] }],
                    ...args,
                },
                opts,
            );
        route("mutual", { hosts: [MUTUAL, MISNAMED], credential, port: PARTNER.mutual });
        route("tls", { hosts: [TLS], mode: EgressMode.Passthrough, port: PARTNER.simple });
        return Promise.resolve({});
    };
}
