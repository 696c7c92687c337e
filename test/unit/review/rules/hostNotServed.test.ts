import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService istio-egress/partner spec.gateways[1]";
const HOSTS = "spec.servers[0].hosts";
const listener = (name: string, hostname: string) => ({ name, hostname, port: 80, protocol: "HTTP" });
const listening = (from?: string) =>
    gatewayApi("Gateway", "istio-egress/egress", {
        gatewayClassName: "istio",
        listeners: [listener("one", "a.example"), listener("two", "b.example")].map((one) => ({
            ...one,
            ...(from && { allowedRoutes: { namespaces: { from } } }),
        })),
    });
const asking = (hostname: string, rest = {}, namespace = "istio-egress") =>
    gatewayApi("HTTPRoute", `${namespace}/a`, {
        parentRefs: [{ name: "egress", namespace: "istio-egress", ...rest }],
        hostnames: [hostname],
        rules: [],
    });
const ROUTE = "HTTPRoute istio-egress/a spec.hostnames";

ruleEdges("host-not-served", {
    finds: {
        "a host that is served for another namespace": [(page) => page.with("Gateway", HOSTS, ["payments/*"]), AT],
        "a wildcard beside the host": [(page) => page.with("Gateway", HOSTS, ["*.other.example"]), AT],
        "a route of the Gateway API": [
            (page) => page.drop("VirtualService").and(listening(), asking("c.example")),
            ROUTE,
        ],
        "a host that only another listener serves than the one asked for": [
            (page) => page.drop("VirtualService").and(listening(), asking("b.example", { sectionName: "one" })),
            ROUTE,
        ],
        "a route of another namespace at a listener for its own": [
            (page) => page.drop("VirtualService").and(listening(), asking("a.example", {}, "app")),
            "HTTPRoute app/a spec.hostnames",
        ],
    },
    takes: {
        "the host": (page) => page.with("Gateway", HOSTS, ["other.example", "api.partner.example"]),
        "a wildcard above the host": (page) => page.with("Gateway", HOSTS, ["*.partner.example"]),
        "every host": (page) => page.with("Gateway", HOSTS, ["*"]),
        "every host of the route's namespace": (page) => page.with("Gateway", HOSTS, ["./*"]),
        "the host in capitals, which Istio reads in lower case": (page) =>
            page
                .with("Gateway", HOSTS, ["api.partner.example"])
                .with("VirtualService", "spec.hosts", ["API.partner.example"]),
        "a route for every host": (page) => page.with("VirtualService", "spec.hosts", ["*"]),
        "a Gateway that the set does not have": (page) => page.drop("Gateway"),
        "the listener that is asked for": (page) =>
            page.drop("VirtualService").and(listening(), asking("b.example", { sectionName: "two" })),
        "a route of another namespace at a listener for all": (page) =>
            page.drop("VirtualService").and(listening("All"), asking("a.example", {}, "app")),
    },
});
