import { ISTIO_CHART_REPOSITORY, ISTIO_VERSION } from "../shared/officialSources";
import { Violation } from "../shared/violation";
import { isLocation, saysVersion } from "./mesh";
import { validateIstioSource } from "./retiredSources";

/** Where the gateway of an existing mesh has its chart from. Empty texts are none, as for a mesh that AKS runs. */
export interface GatewayChart {
    gatewayChart: string;
    chartRepository?: string;
}

export function validateGatewayChart({ gatewayChart, chartRepository = "" }: GatewayChart): Violation[] {
    const isUnplaced = gatewayChart !== "" && chartRepository === "" && !isLocation(gatewayChart);
    return [
        ...validateIstioSource("mesh.gatewayChart", gatewayChart),
        ...validateIstioSource("mesh.chartRepository", chartRepository),
        ...(isUnplaced
            ? [
                  {
                      path: "mesh.gatewayChart",
                      value: gatewayChart,
                      problem: "is only a name, and there is no mesh.chartRepository",
                      expected: "a folder, an oci:// reference, or a name and the Helm repository that has it",
                      fix: `Set mesh.chartRepository, for example to "${ISTIO_CHART_REPOSITORY}"`,
                  },
              ]
            : []),
    ];
}

/** Version of the chart: the given one, or the tested one, so that no update upgrades the gateway unasked. A folder has its own. */
export function gatewayChartVersion(gatewayChart: string, version: string | undefined): string | undefined {
    return version || (gatewayChart === "" || saysVersion(gatewayChart) ? undefined : ISTIO_VERSION);
}
