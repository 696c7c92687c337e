import { EgressCredential, EgressGateway, EgressMode, EgressRoute } from "../../components";
import { LocalCluster } from "../../lab/local/cluster";
import { keyPem } from "../support/certificates";
import { clusterProvider } from "../support/clusterProvider";
import { Issued } from "../support/certificates";
import { meshReference } from "../support/meshReference";
import { PARTNER } from "../support/partner";

export const APPS = "faults-apps";
export const PARTNERS = "faults-partner";
export const GATEWAY = { name: "faults", namespace: "faults-egress" };
export const HOST = "faults.partner.example";

/** A gateway of two replicas, and a host behind it that demands a client certificate. */
export function faultsProgram(local: LocalCluster, ca: Issued, client: Issued) {
    return () => {
        const opts = { providers: [clusterProvider(local)] };
        const gateway = new EgressGateway(
            "faults",
            {
                mesh: meshReference(local.settings),
                namespace: GATEWAY.namespace,
                gatewayName: GATEWAY.name,
                minReplicas: 2,
            },
            opts,
        );
        const { secretName } = new EgressCredential(
            "faults",
            {
                gateway,
                certificate: client.certificate,
                privateKey: keyPem(client.key),
                serverCa: ca.certificate,
                minRemainingHours: 1,
            },
            opts,
        );
        new EgressRoute(
            "faults",
            {
                gateway,
                mode: EgressMode.MutualTls,
                credential: secretName,
                hosts: [HOST],
                address: `partner.${PARTNERS}.svc.cluster.local`,
                port: PARTNER.mutual,
                allowFrom: [{ namespace: APPS }],
            },
            opts,
        );
        return Promise.resolve({});
    };
}
