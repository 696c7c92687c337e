import { EgressGateway, EgressMode, EgressRoute } from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { meshReference } from "../support/meshReference";
import { PARTNER } from "../support/partner";
import { clusterProvider } from "../support/clusterProvider";

export const APPS = "traced-apps";
export const PARTNERS = "traced-partner";
export const GATEWAY = "traced-egress";
export const TRACED = "traced";
export const HOST = "host.traced.example";

/** A gateway that tells a collector of each call, and a host. */
export function collectorProgram(local: LocalCluster) {
    return () => {
        const cluster = clusterProvider(local);
        const opts = { providers: [cluster] };
        const gateway = new EgressGateway(
            TRACED,
            {
                mesh: { ...meshReference(local.settings), auditLog: true, tracingPercent: 100 },
                namespace: GATEWAY,
                gatewayName: TRACED,
                minReplicas: 1,
            },
            opts,
        );
        new EgressRoute(
            "host",
            {
                gateway,
                mode: EgressMode.Http,
                hosts: [HOST],
                address: `partner.${PARTNERS}.svc.cluster.local`,
                port: PARTNER.http,
                allowFrom: [{ namespace: APPS, serviceAccounts: ["default"] }],
            },
            opts,
        );
        return Promise.resolve({});
    };
}
