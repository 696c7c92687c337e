import { readConfig } from "./config";
import { deployEnvironment } from "./environment";

const { egress, egressPrefix, nameServers } = deployEnvironment(readConfig());

export const gatewayName = egress.gatewayName;
export const gatewayNamespace = egress.gatewayNamespace;
export const serverAddress = egress.serverAddress;
export const clientCa = egress.clientCa;
export const hosts = egress.hosts;
export const certificates = egress.certificates;
export { egressPrefix, nameServers };
