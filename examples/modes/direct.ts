import { EgressMode, EgressRoute, PortProtocol } from "mesh-egress";

new EgressRoute("partner", {
    mode: EgressMode.Direct,
    hosts: ["queue.partner.example", "database.partner.example"],
    ports: [
        { number: 443, protocol: PortProtocol.Tls },
        { number: 5432, protocol: PortProtocol.Tcp },
    ],
    allowFrom: [{ namespace: "payments" }],
});
