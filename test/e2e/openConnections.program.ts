import { EgressGateway, EgressMode, EgressRoute } from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { meshReference } from "../support/meshReference";
import { PARTNER } from "../support/partner";
import { clusterProvider } from "../support/clusterProvider";

export const APPS = "open-apps";
export const PARTNERS = "open-partner";
export const GATEWAY = "open-egress";

/** The host that is always allowed, by which connections are opened. */
export const OPEN = "open.connections.example";
/** The host whose callers change. */
export const CHANGING = "changing.connections.example";

/** A gateway of two replicas with two workers each, and two hosts; `allowed` are the service accounts that may call the second. */
export function openConnectionsProgram(local: LocalCluster, allowed: () => string[]) {
    return () => {
        const cluster = clusterProvider(local);
        const opts = { providers: [cluster] };
        const gateway = new EgressGateway(
            "open",
            {
                mesh: meshReference(local.settings),
                namespace: GATEWAY,
                gatewayName: "open",
                minReplicas: 2,
                workers: 2,
            },
            opts,
        );
        const route = (name: string, host: string, serviceAccounts: string[]) =>
            new EgressRoute(
                name,
                {
                    gateway,
                    mode: EgressMode.Http,
                    hosts: [host],
                    address: `partner.${PARTNERS}.svc.cluster.local`,
                    port: PARTNER.http,
                    allowFrom: [{ namespace: APPS, serviceAccounts }],
                },
                opts,
            );
        route("open", OPEN, ["caller", "other"]);
        route("changing", CHANGING, allowed());
        return Promise.resolve({});
    };
}
