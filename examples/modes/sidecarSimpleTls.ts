import { Config } from "@pulumi/pulumi";
import { EgressCredential, EgressMode, EgressRoute } from "mesh-egress";

const ca = new EgressCredential("partner", {
    workload: { namespace: "payments" },
    serverCa: new Config().require("serverCa"),
});

new EgressRoute("partner", {
    mode: EgressMode.SidecarSimpleTls,
    credential: ca.secretName,
    hosts: ["api.partner.example", "files.partner.example"],
    allowFrom: [{ namespace: "payments" }],
});
