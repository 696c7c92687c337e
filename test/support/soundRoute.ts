import { RawObject } from "../../review/rawObject";
import { HTTP_TO_TLS, destinationRule, gateway, server, serviceEntry, virtualService, way } from "./objects";

export const HOST = "api.partner.example";
export const GATEWAY = "egress.gateways.svc.cluster.local";
export const MUTUAL = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
/** Of what is exported to its own namespace only. */
export const own = { exportTo: ["."] };

/** What a test puts in the place of a part of the route. */
interface Parts {
    server?: object;
    leg?: RawObject;
    entry?: RawObject;
    originate?: RawObject;
    lead?: RawObject;
}

/** A route through a gateway with mutual TLS on both sides, sound but for what a test changes in it. */
export function soundRoute(parts: Parts = {}): RawObject[] {
    return [
        parts.entry ?? serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], own),
        gateway("gateways/egress", [parts.server ?? server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
        parts.leg ?? destinationRule("gateways/egress", GATEWAY, { mode: "ISTIO_MUTUAL" }),
        parts.originate ?? destinationRule("gateways/partner", HOST, MUTUAL, own),
        parts.lead ??
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                http: [way(["mesh"], 80, GATEWAY, 443), way(["egress"], 443, HOST, 80)],
            }),
    ];
}
