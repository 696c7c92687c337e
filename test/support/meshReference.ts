import { MeshReference } from "../../components";
import { LocalSettings } from "../../lab/proof/program";
import { chartReference, chartRepository } from "../../plan/mesh/mesh";

/** The local environment's mesh, for a gateway beside its own. */
export function meshReference({ mesh }: LocalSettings): MeshReference {
    const { charts = {}, version } = mesh;
    return {
        namespace: "istio-system",
        trustDomain: "cluster.local",
        gatewayChart: chartReference(charts, "gateway"),
        chartRepository: chartRepository(charts, "gateway") ?? "",
        chartVersion: version,
    };
}
