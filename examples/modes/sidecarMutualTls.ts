import { Config } from "@pulumi/pulumi";
import { EgressCredential, EgressMode, EgressRoute } from "mesh-egress";

const config = new Config();

const credential = new EgressCredential("partner", {
    workload: { namespace: "payments", serviceAccounts: ["billing"] },
    certificate: config.require("clientCertificate"),
    privateKey: config.requireSecret("clientKey"),
    serverCa: config.require("serverCa"),
    clientCa: config.require("clientCa"),
});

new EgressRoute("partner", {
    mode: EgressMode.SidecarMutualTls,
    credential: credential.secretName,
    hosts: ["api.partner.example", "files.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
    workloadLabels: { app: "billing" },
});
