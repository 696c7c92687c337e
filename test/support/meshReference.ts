import { MeshReference } from "../../components";
import { LocalCluster } from "../../lab/local/cluster";

/** The local environment's mesh, for a gateway beside its own. */
export function meshReference({ settings }: LocalCluster): MeshReference {
    const { charts, version } = settings.mesh;
    return {
        namespace: "istio-system",
        trustDomain: "cluster.local",
        gatewayChart: charts.gateway ?? "gateway",
        chartRepository: charts.gateway ? "" : charts.repository,
        chartVersion: version,
    };
}
