import { Config } from "@pulumi/pulumi";
import { EgressCredential, EgressMode, EgressRoute } from "mesh-egress";

const gateway = { gatewayName: "egress-gateway", namespace: "istio-egress" };

const ca = new EgressCredential("partner", { gateway, serverCa: new Config().require("serverCa") });

new EgressRoute("partner", {
    mode: EgressMode.SimpleTls,
    gateway,
    credential: ca.secretName,
    hosts: ["api.partner.example", "files.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
});
