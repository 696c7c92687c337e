import { ruleEdges } from "../../../support/ruleEdges";

const POD = "spec.template.metadata";
const SPEC = "spec.template.spec";
const at = (key: string) => `Deployment app/billing ${POD}.annotations["${key}"]`;
const annotated = (key: string, value: string) => ({ [key]: value });
const PREFIX = "traffic.sidecar.istio.io/";
const [EXCLUDE, INCLUDE, PORTS] = ["excludeOutboundIPRanges", "includeOutboundIPRanges", "excludeOutboundPorts"].map(
    (name) => PREFIX + name,
);
const MODE = "sidecar.istio.io/interceptionMode";

ruleEdges("sidecar-bypassed", {
    finds: {
        "every address in two halves": [
            (page) => page.with("Deployment", `${POD}.annotations`, annotated(EXCLUDE, "0.0.0.0/1, 128.0.0.0/1")),
            at(EXCLUDE),
        ],
        "an address of the host": [
            (page) =>
                page
                    .with("Deployment", `${POD}.annotations`, annotated(EXCLUDE, "203.0.113.0/24"))
                    .with("ServiceEntry", "spec.endpoints", [{ address: "203.0.113.7" }]),
            at(EXCLUDE),
        ],
        "a list of what alone is led to the sidecar": [
            (page) => page.with("Deployment", `${POD}.annotations`, annotated(INCLUDE, "10.0.0.0/8")),
            at(INCLUDE),
        ],
        "the host's port": [
            (page) => page.with("Deployment", `${POD}.annotations`, annotated(PORTS, "8080,443")),
            at(PORTS),
        ],
        "no interception": [(page) => page.with("Deployment", `${POD}.annotations`, annotated(MODE, "NONE")), at(MODE)],
        "the proxy's user, for the pod": [
            (page) =>
                page
                    .with("Deployment", `${POD}.annotations`, {})
                    .with("Deployment", `${SPEC}.securityContext`, { runAsUser: 1337 }),
            `Deployment app/billing ${SPEC}.securityContext.runAsUser`,
        ],
        "the proxy's group, for a container": [
            (page) =>
                page
                    .with("Deployment", `${POD}.annotations`, {})
                    .with("Deployment", `${SPEC}.containers[0].securityContext`, { runAsUser: 1000, runAsGroup: 1337 }),
            `Deployment app/billing ${SPEC}.containers[0].securityContext.runAsGroup`,
        ],
    },
    takes: {
        "ranges inside the cluster": (page) =>
            page.with("Deployment", `${POD}.annotations`, annotated(EXCLUDE, "10.0.0.0/8,169.254.169.254/32")),
        "every range led to the sidecar": (page) =>
            page.with("Deployment", `${POD}.annotations`, annotated(INCLUDE, "*")),
        "another port": (page) => page.with("Deployment", `${POD}.annotations`, annotated(PORTS, "5432")),
        "a pod without a sidecar": (page) =>
            page.with("Deployment", `${POD}.labels`, { "sidecar.istio.io/inject": "false" }),
        "a host that the namespace does not see": (page) => page.with("ServiceEntry", "spec.exportTo", ["other"]),
        "the user of the proxy for the proxy itself": (page) =>
            page
                .with("Deployment", `${POD}.annotations`, {})
                .with("Deployment", `${SPEC}.securityContext`, { runAsUser: 1337, runAsGroup: 1337 })
                .with("Deployment", `${SPEC}.containers[0].name`, "istio-proxy"),
        "a container's own user before the pod's": (page) =>
            page
                .with("Deployment", `${POD}.annotations`, {})
                .with("Deployment", `${SPEC}.securityContext`, { runAsUser: 1337 })
                .with("Deployment", `${SPEC}.containers[0].securityContext`, { runAsUser: 1000 }),
    },
});
