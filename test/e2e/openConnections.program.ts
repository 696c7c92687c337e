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
/** The host whose route comes later. */
export const LATER = "later.connections.example";
/** The host whose TLS is the application's own. */
export const THROUGH = "through.connections.example";

/** Service accounts that may call the hosts that change. */
interface Allowed {
    changing: string[];
    through: string[];
    /** Empty: there is no route. */
    later: string[];
}

/** A gateway of two replicas with two workers each, and three hosts or four. */
export function openConnectionsProgram(local: LocalCluster, allowed: () => Allowed) {
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
        const { changing, through, later } = allowed();
        const route = (name: string, host: string, serviceAccounts: string[], mode: EgressMode = EgressMode.Http) =>
            new EgressRoute(
                name,
                {
                    gateway,
                    mode,
                    hosts: [host],
                    address: `partner.${PARTNERS}.svc.cluster.local`,
                    port: mode === EgressMode.Http ? PARTNER.http : PARTNER.simple,
                    allowFrom: [{ namespace: APPS, serviceAccounts }],
                },
                opts,
            );
        route("open", OPEN, ["caller", "other"]);
        route("changing", CHANGING, changing);
        if (later.length > 0) {
            route("later", LATER, later);
        }
        route("through", THROUGH, through, EgressMode.Passthrough);
        return Promise.resolve({});
    };
}
