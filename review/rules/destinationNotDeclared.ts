import { serviceNamespace } from "../hosts";
import { Rule, finding } from "../rule";

/** Advisory, because the entry may be in another program or file. Services of the cluster are left alone. */
export const destinationNotDeclared: Rule = {
    id: "destination-not-declared",
    title: "A route's destination is a host that no ServiceEntry among the objects declares.",
    why: "If the Kubernetes cluster has none either, Envoy has no cluster for the host, and every call on the route gets 503.",
    severity: "advisory",
    find: ({ virtualServices, entriesByHost }) =>
        virtualServices
            .flatMap(({ routes }) => routes)
            .flatMap((route) => route.destinations.map((destination) => ({ route, destination })))
            .filter(({ destination: { host } }) => isExternalName(host) && entriesByHost.patternsFor(host).length === 0)
            .map(({ route, destination: { path, host } }) =>
                finding(route, {
                    path,
                    value: host,
                    problem: "is a host that no ServiceEntry among the objects declares",
                    expected: "a ServiceEntry for the host",
                    fix: "Add the entry, or review its file together with this one",
                }),
            ),
};

/** Whether it is the name of neither a service of the cluster nor one of several clusters. */
function isExternalName(host: string): boolean {
    return host.includes(".") && serviceNamespace(host) === undefined && !/\.(clusterset\.local|global)$/.test(host);
}
