import { Config } from "@pulumi/pulumi";
import { CertificateChain, EgressCredential, EgressGateway, EgressRoute, ServiceMesh } from "mesh-egress";

const config = new Config();

const mesh = new ServiceMesh("mesh");
const gateway = new EgressGateway("egress", { mesh });

// A client certificate of our own authority, which the partner is asked to trust: the output below.
const chain = new CertificateChain("chain", { organization: "Example", clients: [{ name: "partner" }] });
const credential = new EgressCredential("partner", {
    gateway,
    certificate: chain.clientCertificates.apply((all) => all.partner),
    privateKey: chain.clientKeys.apply((all) => all.partner),
    clientCa: chain.caCertificates,
    serverCa: config.require("serverCa"),
});

new EgressRoute("partner", {
    gateway,
    credential: credential.secretName,
    hosts: [config.require("host")],
    allowFrom: [
        { namespace: config.require("callerNamespace"), serviceAccounts: [config.require("callerServiceAccount")] },
    ],
});

export const clientCa = chain.caCertificates;
