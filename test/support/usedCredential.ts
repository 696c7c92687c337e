import { RawObject } from "../../review/rawObject";
import { HTTP_TO_TLS, destinationRule, gateway, server, serviceEntry } from "./objects";

const HOST = "api.partner.example";
const own = { exportTo: ["."] };

/** The keys of a credential that lacks nothing. */
export const WHOLE_CREDENTIAL = ["tls.crt", "tls.key", "ca.crt"];

/** A gateway that originates TLS with a credential, beside some secrets. */
export function usingCredential(credentialName: string, secrets: RawObject[], mode = "MUTUAL"): RawObject[] {
    return [
        serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], own),
        gateway("gateways/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
        destinationRule("gateways/partner", HOST, { mode, credentialName, sni: HOST, subjectAltNames: [HOST] }, own),
        ...secrets,
    ];
}
