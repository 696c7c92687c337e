import assert from "node:assert/strict";
import { METRIC_RELABELINGS } from "../../../../plan/observability/relabeling";

type Labels = Record<string, string>;

/** What Prometheus makes of a series: each step's regular expression is about the whole of the joined labels. */
function relabeled(labels: Labels): Labels | undefined {
    const result = { ...labels };
    for (const {
        sourceLabels = [],
        regex = ".*",
        targetLabel,
        replacement = "$1",
        action = "replace",
    } of METRIC_RELABELINGS) {
        const match = new RegExp(`^(?:${regex})$`).exec(sourceLabels.map((label) => result[label] ?? "").join(";"));
        if ((action === "keep") !== (match !== null) && action !== "replace") {
            return undefined;
        }
        if (action === "replace" && match && targetLabel) {
            result[targetLabel] = replacement.replace("$1", match[1]);
        }
    }
    return result;
}

const OF_ROUTE = "envoy_vhost_api_partner_example_443_route__upstream_rq";
const tags = { egress_host: "api.partner.example", egress_caller: "payments/billing" };

describe("the relabeling of a gateway's metrics", () => {
    it("gives the statistics of all routes one name, and keeps classes of codes alone", () => {
        assert.deepEqual(relabeled({ __name__: OF_ROUTE, ...tags, response_code_class: "2xx" }), {
            __name__: "envoy_egress_route_upstream_rq",
            ...tags,
            response_code_class: "2xx",
        });
        for (const dropped of [
            { __name__: OF_ROUTE, ...tags, response_code: "200" },
            { __name__: `${OF_ROUTE}_retry`, ...tags },
            { __name__: `${OF_ROUTE}_time_bucket`, ...tags },
            { __name__: `${OF_ROUTE}_total`, ...tags },
        ]) {
            assert.equal(relabeled(dropped), undefined);
        }
    });

    it("names the host of a cluster, of a subset too, and drops the proxy's own clusters", () => {
        const of = (cluster_name: string) =>
            relabeled({ __name__: "envoy_cluster_upstream_rq", cluster_name })?.egress_host;
        assert.equal(of("outbound|80||api.partner.example"), "api.partner.example");
        assert.equal(of("outbound|443|credential-0|api.partner.example;"), "api.partner.example");
        assert.equal(relabeled({ __name__: "envoy_cluster_upstream_rq", cluster_name: "xds-grpc" }), undefined);
    });

    it("drops the mesh's own services", () => {
        const cluster_name = "outbound|443|tls-partner|egress-gateway.istio-egress.svc.cluster.local";
        assert.equal(relabeled({ __name__: "envoy_cluster_ssl_handshake", cluster_name }), undefined);
    });

    it("drops what no alert and no panel asks for", () => {
        for (const __name__ of ["envoy_cluster_external_upstream_rq", "istio_build", "envoy_server_uptime"]) {
            assert.equal(relabeled({ __name__ }), undefined, __name__);
        }
    });
});
