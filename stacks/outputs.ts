import { Deployed } from "./environment";

/** Outputs of the stack. Those of Azure are left out elsewhere: the engine warns of an output without a value. */
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
