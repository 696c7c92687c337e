import { ruleEdges } from "../../../support/ruleEdges";

const SELECTOR = "spec.workloadSelector";
const labels = (app: string) => ({ labels: { app } });

ruleEdges("sidecar-twice", {
    finds: {
        "two for the workloads with the same labels": [
            (page) => page.with("Sidecar", SELECTOR, labels("billing")),
            "Sidecar app/app spec.workloadSelector",
        ],
        "an empty selector, which is none": [
            (page) => page.with("Sidecar/app", SELECTOR, {}),
            "Sidecar app/app metadata.name",
        ],
    },
    takes: {
        "one for some workloads of the namespace": (page) => page.with("Sidecar/app", SELECTOR, labels("billing")),
        "two for different workloads": (page) =>
            page.with("Sidecar/app", SELECTOR, labels("billing")).with("Sidecar/default", SELECTOR, labels("web")),
        "two of different namespaces": (page) => page.with("Sidecar/app", "metadata.namespace", "other"),
        "the same said twice": (page) => page.with("Sidecar/app", "spec.outboundTrafficPolicy.mode", "REGISTRY_ONLY"),
    },
});
