import { Deployed } from "./environment";

/**
 * Outputs of the stack. Azure's are left out on other clusters, because the engine warns about outputs without a value.
 */
export function stackOutputs({ egress, egressPrefix, nameServers }: Deployed) {
    return {
        gatewayName: egress.gatewayName,
        gatewayNamespace: egress.gatewayNamespace,
        serverAddress: egress.serverAddress,
        clientCa: egress.clientCa,
        hosts: egress.hosts,
        certificates: egress.certificates,
        ...(egressPrefix && { egressPrefix }),
        ...(nameServers && { nameServers }),
    };
}
