import { Config } from "@pulumi/pulumi";
import { EgressCredential, EgressRoute } from "mesh-egress";

const config = new Config();

// The gateway's service and its Istio Gateway have this name; both are there already.
const gateway = { gatewayName: "egress-gateway", namespace: "istio-egress" };

const credential = new EgressCredential("partner", {
    gateway,
    certificate: config.require("clientCertificate"),
    privateKey: config.requireSecret("clientKey"),
    clientCa: config.require("clientCa"),
    serverCa: config.require("serverCa"),
});

const route = new EgressRoute("partner", {
    gateway,
    credential: credential.secretName,
    hosts: [config.require("host")],
    allowFrom: [
        { namespace: config.require("callerNamespace"), serviceAccounts: [config.require("callerServiceAccount")] },
    ],
});

export const hosts = route.hosts;
