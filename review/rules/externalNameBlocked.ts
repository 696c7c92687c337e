import { Rule, finding } from "../rule";
import { isClusterName } from "../../plan/shared/serviceHost";

/** Needs the mesh's outbound traffic policy. A name inside the cluster is known to the mesh without an entry. */
export const externalNameBlocked: Rule = {
    id: "external-name-blocked",
    title: "An ExternalName service refers to a host that no ServiceEntry declares, under REGISTRY_ONLY.",
    why: "The service alone does not declare its target in the mesh. Sidecars refuse the call with an empty 502.",
    severity: "advisory",
    find: ({ services, entriesByHost, context }) =>
        context.outboundTrafficPolicy !== "REGISTRY_ONLY"
            ? []
            : services.flatMap((service) => {
                  const target = service.externalName;
                  const isKnown =
                      target === undefined || isClusterName(target) || entriesByHost.patternsFor(target).length > 0;
                  return isKnown
                      ? []
                      : [
                            finding(service, {
                                path: "spec.externalName",
                                value: target,
                                problem:
                                    "is a host that no ServiceEntry declares, and the mesh refuses undeclared hosts (REGISTRY_ONLY)",
                                expected: "a ServiceEntry for the target, or a mesh with ALLOW_ANY",
                                fix: `Declare ${JSON.stringify(target)} in a ServiceEntry`,
                            }),
                        ];
              }),
};
