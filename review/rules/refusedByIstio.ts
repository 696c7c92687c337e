import { fields } from "../fields";
import { validateAuthorizationPolicy } from "../istiod/authorizationPolicy";
import { validateDestinationRule } from "../istiod/destinationRule";
import { validateGateway } from "../istiod/gateway";
import { Validator, refusals } from "../istiod/refusal";
import { validateServiceEntry } from "../istiod/serviceEntry";
import { validateSidecar } from "../istiod/sidecar";
import { validateVirtualService } from "../istiod/virtualService";
import { ISTIO_NETWORKING, ISTIO_SECURITY } from "../objects/kinds";
import { objectRef } from "../rawObject";
import { Rule, finding } from "../rule";

const VALIDATORS: [group: string, kind: string, validate: Validator][] = [
    [ISTIO_NETWORKING, "ServiceEntry", validateServiceEntry],
    [ISTIO_NETWORKING, "DestinationRule", validateDestinationRule],
    [ISTIO_NETWORKING, "VirtualService", validateVirtualService],
    [ISTIO_NETWORKING, "Gateway", validateGateway],
    [ISTIO_NETWORKING, "Sidecar", validateSidecar],
    [ISTIO_SECURITY, "AuthorizationPolicy", validateAuthorizationPolicy],
];

/** Follows pkg/config/validation of Istio 1.31, for what matters to egress; the webhook itself refuses more. */
export const refusedByIstio: Rule = {
    id: "refused-by-istio",
    title: "An object has a value that Istio's admission webhook refuses.",
    why: "A preview does not detect it: the update fails part-way, after some objects have changed.",
    severity: "mandatory",
    find: ({ ofKind }) =>
        VALIDATORS.flatMap(([group, kind, validate]) =>
            ofKind(group, kind).flatMap((object) => {
                const ref = objectRef(object);
                return refusals(validate, fields(object.spec), ref).map((violation) => finding({ ref }, violation));
            }),
        ),
};
