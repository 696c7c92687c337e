import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";
import { Answer, call } from "../../lab/proof/http";
import { ProofContext } from "../../lab/proof/proofs";
import { IstioKind, istioObject } from "../../plan/shared/kubernetesObject";
import { localEnvironment } from "../support/localEnvironment";

/** The port of a server of the gateway that is written by hand, next to the package's own. */
const PORT = 8444;

/** What rules of the review say of a call, made on a real cluster: each layout fails as told, and works once corrected. */
describe("what the review says of calls, on a real cluster", function () {
    this.timeout(240_000);

    let cluster: Cluster;
    let context: ProofContext;
    const made: AnyObject[] = [];

    before(async function () {
        ({ cluster, context } = await localEnvironment(this));
    });

    after(async () => {
        for (const object of made.reverse()) {
            await cluster.remove(object);
        }
    });

    async function apply(object: AnyObject) {
        made.push(object);
        await cluster.apply(object);
    }

    const byHand = (kind: IstioKind, name: string, spec: Record<string, unknown>) =>
        apply({ ...istioObject(kind, { name, namespace: context.gateway.namespace }, spec) });

    const answers = (host: string, ...statuses: number[]): Promise<Answer> => {
        let last: Answer | undefined;
        return waitFor(`${statuses.join(" or ")} from ${host}`, 40, async () => {
            last = await call(cluster, context.caller, host);
            return statuses.includes(last.status) && last;
        }).catch((error: unknown) => {
            throw new Error(`${String(error)}; the last answer: ${JSON.stringify(last)}`);
        });
    };

    /** The partner answers 400 to plaintext on its TLS port: the call came there. */
    const entry = (host: string, change: object = {}) => ({
        hosts: [host],
        ports: [{ number: 80, name: "http", protocol: "HTTP", targetPort: 443 }],
        resolution: "DNS",
        endpoints: [{ address: context.serverAddress }],
        ...change,
    });

    it("gateway-sni-mismatch: without sni the gateway closes the connection", async () => {
        const host = "sni.partner.example";
        const { namespace } = context.gateway;
        const service = `by-hand.${namespace}.svc.cluster.local`;
        await apply({
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "by-hand", namespace },
            spec: { selector: { istio: "egress-gateway" }, ports: [{ name: "https", port: PORT }] },
        });
        await byHand("Gateway", "by-hand", {
            selector: { istio: "egress-gateway" },
            servers: [
                {
                    port: { number: PORT, name: "https", protocol: "HTTPS" },
                    hosts: [host],
                    tls: { mode: "ISTIO_MUTUAL" },
                },
            ],
        });
        await byHand("ServiceEntry", "sni", entry(host));
        await byHand("VirtualService", "sni", {
            hosts: [host],
            gateways: ["mesh", "by-hand"],
            http: [
                {
                    match: [{ gateways: ["mesh"], port: 80 }],
                    route: [{ destination: { host: service, port: { number: PORT } } }],
                },
                { match: [{ gateways: ["by-hand"] }], directResponse: { status: 200, body: { string: "reached" } } },
            ],
        });
        const rule = (sni?: string) =>
            byHand("DestinationRule", "by-hand", {
                host: service,
                trafficPolicy: { tls: { mode: "ISTIO_MUTUAL", ...(sni && { sni }) } },
            });
        await rule(host);
        // The gateway's own policy may refuse the call, but it has come there.
        await answers(host, 200, 403);
        await rule();
        await answers(host, 503);
        await rule("other.partner.example");
        await answers(host, 503);
        await rule(host);
        await answers(host, 200, 403);
    });

    it("host-in-capitals: the sidecar routes to a destination that it does not have", async () => {
        await byHand("ServiceEntry", "capitals", entry("Capitals.Partner.Example"));
        await byHand("ServiceEntry", "lower", entry("lower.partner.example"));
        await answers("lower.partner.example", 400);
        await answers("capitals.partner.example", 503);
    });

    it("entry-without-endpoints: there is no address to call", async () => {
        await byHand(
            "ServiceEntry",
            "endless",
            entry("endless.partner.example", { resolution: "STATIC", endpoints: undefined }),
        );
        await answers("endless.partner.example", 503);
    });

    it("mesh-tls-to-external: the partner's certificate is not the mesh's", async () => {
        const host = "mesh-tls.partner.example";
        await byHand("ServiceEntry", "mesh-tls", entry(host));
        await answers(host, 400);
        await byHand("DestinationRule", "mesh-tls", { host, trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } });
        await answers(host, 503);
    });
});
