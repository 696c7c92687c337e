import { ruleEdges } from "../../../support/ruleEdges";

const mesh = (mode: string) => `outboundTrafficPolicy:\n  mode: ${mode}\n`;

ruleEdges("unknown-outbound-policy", {
    finds: {
        "another spelling": [
            (page) => page.with("ConfigMap", "data.mesh", mesh("registry_only")),
            "ConfigMap istio-system/istio data.mesh",
        ],
        "what is no YAML": [
            (page) => page.with("ConfigMap", "data.mesh", "a: ["),
            "ConfigMap istio-system/istio data.mesh",
        ],
        "the configuration of a revision": [
            (page) => page.with("ConfigMap", "metadata.name", "istio-1-31"),
            "ConfigMap istio-system/istio-1-31 data.mesh",
        ],
        "that which AKS shares": [
            (page) => page.with("ConfigMap", "metadata.name", "istio-shared-configmap-asm-1-27"),
            "ConfigMap istio-system/istio-shared-configmap-asm-1-27 data.mesh",
        ],
        "an operator's": [
            (page) =>
                page.drop("ConfigMap").and({
                    apiVersion: "sailoperator.io/v1",
                    kind: "Istio",
                    metadata: { name: "default" },
                    spec: { values: { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW" } } } },
                }),
            "Istio default/default spec.values.meshConfig.outboundTrafficPolicy.mode",
        ],
        "the values of a chart that Flux installs": [
            (page) =>
                page.drop("ConfigMap").and({
                    apiVersion: "helm.toolkit.fluxcd.io/v2",
                    kind: "HelmRelease",
                    metadata: { name: "istiod" },
                    spec: { values: { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW" } } } },
                }),
            "HelmRelease default/istiod spec.values.meshConfig.outboundTrafficPolicy.mode",
        ],
        "the values of a chart that Argo CD installs": [
            (page) =>
                page.drop("ConfigMap").and({
                    apiVersion: "argoproj.io/v1alpha1",
                    kind: "Application",
                    metadata: { name: "istiod" },
                    spec: {
                        source: {
                            helm: { valuesObject: { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW" } } } },
                        },
                    },
                }),
            "Application default/istiod spec.source.helm.valuesObject.meshConfig.outboundTrafficPolicy.mode",
        ],
    },
    takes: {
        "each policy that there is": (page) =>
            page
                .with("ConfigMap", "data.mesh", mesh("REGISTRY_ONLY"))
                .and(...page.with("ConfigMap", "data.mesh", mesh("ALLOW_ANY")).objects)
                .and(...page.with("ConfigMap", "data.mesh", mesh("ALLOW_ANY_DYNAMIC_DNS")).objects),
        "no policy at all": (page) => page.with("ConfigMap", "data.mesh", "accessLogFile: /dev/stdout"),
        "a ConfigMap that is not the mesh's": (page) => page.with("ConfigMap", "metadata.name", "other"),
    },
});
