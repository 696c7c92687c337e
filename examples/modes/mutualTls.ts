import { Config } from "@pulumi/pulumi";
import { EgressCredential, EgressMode, EgressRoute } from "mesh-egress";

const config = new Config();
const gateway = { gatewayName: "egress-gateway", namespace: "istio-egress" };

const credential = new EgressCredential("partner", {
    gateway,
    certificate: config.require("clientCertificate"),
    privateKey: config.requireSecret("clientKey"),
    serverCa: config.require("serverCa"),
    clientCa: config.require("clientCa"),
});

new EgressRoute("partner", {
    mode: EgressMode.MutualTls,
    gateway,
    credential: credential.secretName,
    hosts: ["api.partner.example", "files.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
});
