import { EgressMode, EgressRoute } from "mesh-egress";

const gateway = { gatewayName: "egress-gateway", namespace: "istio-egress" };

new EgressRoute("partner", {
    mode: EgressMode.Passthrough,
    gateway,
    hosts: ["api.partner.example", "files.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
});
