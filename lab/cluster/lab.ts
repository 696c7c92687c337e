import { builtCharts } from "../build/build";
import { imageNames } from "../build/images";
import type { Charts } from "../build/istioFiles";
import { componentNames } from "./components";
import { adminKubeconfig } from "./places";
import { isRunning } from "./processes";

/** A running lab, as its users see it. */
export interface Lab {
    /** The administrator's kubeconfig. */
    kubeconfig: string;
    /** Folders with Istio's own Helm charts. */
    charts: Charts;
    images: {
        /** Istio's images, `<hub>/pilot:<tag>` and `<hub>/proxyv2:<tag>`. */
        hub: string;
        tag: string;
        /** Wants a configuration mounted at /etc/nginx/nginx.conf. */
        nginx: string;
        /** Has curl, openssl and sh, and runs as user 100. */
        curl: string;
    };
    meshValues: typeof meshValues;
}

/** Values for the istiod chart that the lab's Envoy and its size ask for; merge your own mesh's into them. */
export const meshValues = {
    global: {
        hub: imageNames.istioHub,
        tag: imageNames.istioTag,
        imagePullPolicy: "IfNotPresent",
        proxy: { resources: { requests: { cpu: "10m", memory: "40Mi" } } },
    },
    resources: { requests: { cpu: "10m", memory: "100Mi" } },
    autoscaleEnabled: false,
    // Filters that only Istio's own build of Envoy has; the lab's is a plain one.
    env: { PILOT_ENABLE_ALPN_FILTER: "false", PILOT_ENABLE_METADATA_EXCHANGE: "false" },
    telemetry: { enabled: false },
};

/** The lab when it runs, every process of it. */
export function lab(): Lab | undefined {
    const charts = builtCharts();
    if (!charts || !componentNames.every(isRunning)) return undefined;
    return {
        kubeconfig: adminKubeconfig,
        charts,
        images: {
            hub: imageNames.istioHub,
            tag: imageNames.istioTag,
            nginx: imageNames.nginx,
            curl: imageNames.curl,
        },
        meshValues,
    };
}
