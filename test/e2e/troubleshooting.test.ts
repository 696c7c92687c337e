import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";
import { Answer, call, request } from "../../lab/proof/http";
import { logLine } from "../../lab/proof/logLine";
import { HOST, IMPOSTOR } from "../../lab/proof/program";
import { ProofContext } from "../../lab/proof/proofs";
import { IstioKind, istioObject } from "../../plan/shared/kubernetesObject";
import { localEnvironment } from "../support/localEnvironment";

const PAGE = readFileSync(join(__dirname, "../../docs/operations.md"), "utf8");
/** Hosts of objects that are written by hand: one that the gateway has no route for, one that waits for its secret. */
const UNROUTED = "unrouted.partner.example";
const WARMING = "warming.partner.example";

/** The table of symptoms in docs/operations.md, where no other test makes them: what the log of a real gateway has of each. */
describe("the symptoms of docs/operations.md on a real cluster", function () {
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

    async function byHand(kind: IstioKind, name: string, spec: Record<string, unknown>) {
        const object = { ...istioObject(kind, { name, namespace: context.gateway.namespace }, spec) };
        made.push(object);
        await cluster.apply(object);
    }

    const entry = (host: string) => ({
        hosts: [host],
        ports: [{ number: 80, name: "http", protocol: "HTTP", targetPort: 443 }],
        resolution: "STATIC",
        endpoints: [{ address: "192.0.2.1" }],
    });

    const leg = () => ({
        match: [{ gateways: ["mesh"], port: 80 }],
        route: [to(`egress-gateway.${context.gateway.namespace}.svc.cluster.local`, 443)],
    });

    const to = (host: string, number: number) => ({ destination: { host, port: { number } } });

    const answers = (host: string, status: number): Promise<Answer> =>
        waitFor(`${status} from ${host}`, 15, async () => {
            const answer = await call(cluster, context.caller, host);
            return answer.status === status && answer;
        });

    /** The gateway's line about the call has the parts, and docs/operations.md lists them. */
    async function logged({ mark }: Answer, ...parts: string[]) {
        const line = await logLine(cluster, context.gateway, mark);
        for (const part of parts) {
            assert.ok(line.includes(part), `no ${part} in: ${line}`);
            assert.ok(PAGE.includes(part.replace(/^"response_flags":/, "")), `docs/operations.md has no ${part}`);
        }
    }

    it("a connection that fails is 503 URX,UF, with the reason", async () => {
        await logged(await answers(IMPOSTOR, 503), '"response_flags":"URX,UF"', "CERTIFICATE_VERIFY_FAILED");
    });

    it("a host that the gateway has no route for is 404 NR", async () => {
        await byHand("VirtualService", "unrouted", { hosts: [UNROUTED], gateways: ["mesh"], http: [leg()] });
        await byHand("ServiceEntry", "unrouted", entry(UNROUTED));
        const answer = await answers(UNROUTED, 404);
        assert.equal(answer.body, "");
        await logged(answer, '"response_flags":"NR"');
    });

    it("a route that waits for its credential is 503 NC, without a reason", async () => {
        const tls = { mode: "MUTUAL", credentialName: "warming", sni: WARMING, subjectAltNames: [WARMING] };
        await byHand("DestinationRule", "warming", { host: WARMING, trafficPolicy: { tls } });
        await byHand("VirtualService", "warming", {
            hosts: [WARMING],
            gateways: ["mesh", "egress-gateway"],
            http: [leg(), { match: [{ gateways: ["egress-gateway"] }], route: [to(WARMING, 80)] }],
        });
        await byHand("ServiceEntry", "warming", entry(WARMING));
        const answer = await answers(WARMING, 503);
        assert.deepEqual([answer.failure, answer.body], ["", ""]);
        await logged(answer, '"response_flags":"NC"');
    });

    it("the caller's own TLS to a host whose TLS is originated is curl's error 35", async () => {
        const { status, error } = await request(cluster, context.caller, `https://${HOST}`, {
            options: ["--insecure"],
        });
        assert.equal(status, 0);
        assert.match(error, /curl: \(35\)/);
    });

    it("a host of no route is 502 from the sidecar, whose log has block_all", async () => {
        const { mark, status } = await call(cluster, context.caller, "198.51.100.1");
        assert.equal(status, 502);
        const line = await logLine(cluster, { ...context.caller, container: "istio-proxy" }, mark);
        assert.match(line, /block_all/);
    });
});
