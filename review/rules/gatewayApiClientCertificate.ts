import { fields, has, text } from "../fields";
import { objectRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { GATEWAY_API } from "../objects/kinds";

/** Classes whose data plane is Envoy, configured by istiod. Others, which may well support it, are left alone. */
const ISTIO_CLASSES = ["istio", "istio-remote", "istio-waypoint"];

/**
 * Read in the source of Istio 1.31, not run: for these classes the reference is only validated, and the feature is in the
 * list of those that are not supported. A BackendTLSPolicy has no field for a client certificate at all.
 */
export const gatewayApiClientCertificate: Rule = {
    id: "gateway-api-client-certificate",
    title: "A Gateway API Gateway configures a client certificate for backends.",
    why: "Istio validates the reference but sends no client certificate. The partner refuses the call, or treats it as anonymous.",
    severity: "mandatory",
    find: ({ ofKind }) =>
        ofKind(GATEWAY_API, "Gateway").flatMap((object) => {
            const spec = fields(object.spec);
            const backend = fields(fields(spec.tls).backend);
            const isIstios = ISTIO_CLASSES.includes(text(spec.gatewayClassName) ?? "");
            return isIstios && has(backend, "clientCertificateRef")
                ? [
                      finding(
                          { ref: objectRef(object) },
                          {
                              path: "spec.tls.backend.clientCertificateRef",
                              value: text(fields(backend.clientCertificateRef).name),
                              problem: "is not sent to backends by Istio 1.31, which only validates the reference",
                              expected: "a DestinationRule with tls mode MUTUAL and credentialName",
                              fix: "Originate mutual TLS with a DestinationRule in the gateway's namespace",
                          },
                      ),
                  ]
                : [];
        }),
};
