import { gatewaySettings } from "../../components/mesh/egressGateway";
import { meshOptions } from "../../components/mesh/serviceMesh";
import { gatewayValues } from "../../plan/mesh/gateway";
import { HelmValues } from "../../plan/mesh/helmValues";
import { baseValues, chartReference, istiodValues } from "../../plan/mesh/mesh";
import type { ProgramInput } from "./program";

/** A release of a chart, whoever makes it. */
export interface ChartRelease {
    id: "base" | "istiod" | "gateway";
    /** Name of the release. */
    name: string;
    namespace: string;
    chart: string;
    values: HelmValues;
    /** The resource of the program that makes it. */
    resource: string;
}

/** The three releases of the program, in their order, with the values that the components make. */
export function chartReleases({ mesh, gateway }: Pick<ProgramInput, "mesh" | "gateway">): ChartRelease[] {
    const request = meshOptions(mesh);
    const settings = gatewaySettings(gateway);
    const chart = (name: ChartRelease["id"]) => chartReference(request.charts, name);
    const { namespace } = request;
    return [
        {
            ...{ id: "base", name: "istio-base", namespace, chart: chart("base"), resource: "mesh-base" },
            values: baseValues(request),
        },
        {
            ...{ id: "istiod", name: "istiod", namespace, chart: chart("istiod"), resource: "mesh-istiod" },
            values: istiodValues(request),
        },
        {
            ...{ id: "gateway", name: settings.name, chart: chart("gateway"), resource: "egress-release" },
            namespace: settings.namespace,
            values: gatewayValues({ ...settings, meshNamespace: namespace, revision: "" }),
        },
    ];
}
