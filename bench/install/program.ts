import { Provider } from "@pulumi/kubernetes/provider";
import { EgressGateway, EgressGatewaySettings, ServiceMesh, ServiceMeshArgs } from "../../components";

export interface ProgramInput {
    kubeconfig: string;
    mesh: ServiceMeshArgs;
    gateway: EgressGatewaySettings;
}

/** What of the local environment makes mesh and gateway. */
export function program({ kubeconfig, mesh, gateway }: ProgramInput): void {
    const provider = new Provider("cluster", { kubeconfig, enableSecretMutable: true, enableConfigMapMutable: true });
    const opts = { providers: [provider] };
    new EgressGateway("egress", { ...gateway, mesh: new ServiceMesh("mesh", mesh, opts) }, opts);
}
