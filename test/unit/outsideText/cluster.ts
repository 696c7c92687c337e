import assert from "node:assert/strict";
import fc from "fast-check";
import { readAccessLog } from "../../../cli/explain/accessLog";
import { readProxyConfig } from "../../../cli/explain/envoy";
import { CLUSTER_KINDS } from "../../../cli/input/readCluster";
import { ProgramResult } from "../../../cli/input/runProgram";
import { RawObject } from "../../../review/rawObject";
import { Issued, NOW, chain } from "../../support/certificates";
import { runCommand } from "../../support/command";
import { configDump } from "../../support/configDump";
import {
    Change,
    Ends,
    MARKS,
    RUNS,
    assertHidden,
    changed,
    changes,
    damagedInside,
    filled,
    inBase64,
    jsonWith,
    newSecrets,
} from "../../support/fuzz";
import { SECRET_OBJECTS, asApplied } from "../../support/secretObjects";

const HOST = "api.partner.example";
const { pem, pemInBase64, token, password } = MARKS;

/** Names that the readers look for in what kubectl prints. */
const NAMES = "items metadata name namespace spec status data kind apiVersion configs routes clusters".split(" ");

/** What kubectl prints for one of its calls instead of the right answer, or says when it fails. */
type Trouble = Partial<ProgramResult> & { made?: Change[] };

function troubles(): fc.Arbitrary<Trouble> {
    const said = fc.constantFrom(
        "",
        "Error from server (NotFound): not found\n",
        "error: You must be logged in to the server\n",
        // What kubectl says of an object that it cannot read has a part of the object, and exec plugins say anything.
        `Error from server (BadRequest): error found in #10 byte of ...|"${pemInBase64}"|...\n`,
        `Unable to connect to the server: Authorization: Bearer ${token}\n`,
        `error: ${pem}\n`,
    );
    return fc.oneof(
        changes().map((made) => ({ made })),
        jsonWith(...NAMES).map((value) => ({ stdout: JSON.stringify(value) })),
        fc
            .constantFrom("", pem, token, password, `{"token":"${token}`, `{"data":{"tls.key":"${pemInBase64}"}}`)
            .map((stdout) => ({ stdout })),
        said.map((stderr) => ({ code: 1, stdout: "", stderr })),
    );
}

/** Trouble with some of the calls of a command, by their numbers. */
function someTrouble(): fc.Arbitrary<Map<number, Trouble>> {
    return fc
        .array(fc.tuple(fc.nat({ max: CLUSTER_KINDS.length }), troubles()), { maxLength: 2 })
        .map((all) => new Map<number, Trouble>(all));
}

describe("a live cluster", () => {
    const secrets = newSecrets();
    let client: Issued;

    before(async () => {
        ({ client } = await chain());
    });

    /** A kubectl that answers as a real one, but for the trouble. */
    function kubectlWith(trouble: Map<number, Trouble>, answer: (args: string[]) => string) {
        let calls = 0;
        return (args: string[]): Promise<ProgramResult> => {
            const { made = [], ...other } = trouble.get(calls++) ?? {};
            const result = { code: 0, stdout: changed(answer(args), made), stderr: "", ...other };
            return Promise.resolve({
                ...result,
                stdout: filled(result.stdout, secrets),
                stderr: filled(result.stderr, secrets),
            });
        };
    }

    const printed = (items: object[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const ofKind = (name: string) =>
        SECRET_OBJECTS.filter(({ kind }) => name.split(".")[0].replace(/ies$/, "y").startsWith(kind.toLowerCase()));

    function listed(args: string[]): string {
        return args.includes("api-resources")
            ? CLUSTER_KINDS.join("\n")
            : printed(ofKind(args[args.indexOf("get") + 1]).map(asApplied));
    }

    const pod = (namespace: string, name: string, labels: object, serviceAccountName: string): RawObject & object =>
        ({
            apiVersion: "v1",
            kind: "Pod",
            metadata: { namespace, name, labels },
            spec: {
                serviceAccountName,
                containers: [{ name: "app", env: [{ name: "PASSWORD", value: password }] }, { name: "istio-proxy" }],
            },
            status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
        }) as RawObject;

    const CALLS = [
        `[2026-06-15T11:59:00.000Z] "GET /?token=${token} HTTP/2" 503 UF upstream_reset_before_response_started{TLS_error} - "TLS_error:|CERTIFICATE_VERIFY_FAILED" 0 0 1 1 "10.0.0.1" "curl/8" "id" "${HOST}" "192.0.2.1:443" outbound|80||${HOST} 10.0.0.2:1 10.0.0.2:8443 10.0.0.1:2 - -`,
        `{"start_time":"2026-06-15T11:59:30.000Z","authority":"${HOST}","path":"/?password=${password}","response_code":200,"authorization":"Bearer ${token}"}`,
    ];

    /** What a proxy's page has in addition: keys in plain text, as a hand-written EnvoyFilter gives them. */
    function dump(namespace: string, identity: string): string {
        const page = configDump({
            routes:
                namespace === "payments"
                    ? [{ host: HOST, port: 80, cluster: "outbound|443||egress-gateway.istio-egress.svc.cluster.local" }]
                    : [{ host: HOST, port: 443, atGateway: true, cluster: `outbound|80||${HOST}`, identity }],
            clusters: [
                {
                    name: `outbound|80||${HOST}`,
                    tls: { certificate: "partner", ca: "partner", sni: HOST },
                    rule: "partner",
                },
            ],
            secrets: ["partner"],
        }) as { configs: object[] };
        const key = { tls_certificate: { private_key: { inline_bytes: pemInBase64, inline_string: pem } } };
        const authorization = { append: false, header: { key: "authorization", value: `Bearer ${token}` } };
        return JSON.stringify({ configs: [...page.configs, { secret: key, request_headers_to_add: [authorization] }] });
    }

    function explained(args: string[], identity: string, certificate = client.certificate): string {
        const namespace = args[args.indexOf("-n") + 1];
        if (args[0] === "exec") {
            return dump(namespace, identity);
        }
        if (args[0] === "logs") {
            return CALLS.join("\n");
        }
        switch (args[1]) {
            case "pods":
                return printed([
                    namespace === "payments"
                        ? pod(namespace, "billing-1", { app: "billing" }, "billing")
                        : pod(namespace, "egress-gateway-1", { istio: "egress" }, "egress-gateway"),
                ]);
            case "service":
                return JSON.stringify(SECRET_OBJECTS.find(({ kind }) => kind === "Service"));
            case "secret":
                return JSON.stringify({
                    apiVersion: "v1",
                    kind: "Secret",
                    data: {
                        "tls.key": pemInBase64,
                        // A key and its certificate in one file, as some tools write them.
                        "tls.crt": inBase64(secrets.pem + certificate),
                        "ca.crt": inBase64(certificate),
                    },
                });
            default:
                return listed(args);
        }
    }

    const isDamaged = (trouble: Map<number, Trouble>) => [...trouble.values()].some(({ made }) => made !== undefined);

    it("is reviewed and adopted, or refused; nothing that is told has a part of a secret", async () => {
        const command = fc.constantFrom(["review", "--output", "json"], ["review"], ["adopt"]);
        const ends = new Ends(secrets);
        await fc.assert(
            fc.asyncProperty(someTrouble(), command, async (trouble, args) => {
                const kubectl = kubectlWith(trouble, listed);
                ends.add(await runCommand([...args, "--cluster"], { kubectl }), isDamaged(trouble));
            }),
            { numRuns: RUNS },
        );
        const { answered, refused } = ends;
        assert.ok(answered > RUNS / 8 && refused > 0, `${answered} judged, ${refused} refused`);
    });

    it("is explained, or refused; nothing that is told has a part of a secret", async () => {
        const identity = fc.oneof(
            { weight: 3, arbitrary: fc.constant(".*URI=spiffe://.*/ns/payments/sa/billing") },
            // Envoy's regular expressions are RE2's, which JavaScript does not always know.
            { weight: 1, arbitrary: fc.oneof(fc.constantFrom("(?i)x", "(?P<x>.)", "(", token), fc.string()) },
        );
        const certificate = fc.oneof(fc.constantFrom(client.certificate, ""), damagedInside(client.certificate));
        const command = fc.constantFrom(
            [HOST, "--from", "payments/billing"],
            [HOST, "--from", "payments/billing", "--output", "json"],
            [`https://${HOST}`, "--from", "payments/billing"],
            [HOST],
            [`https://jane:${secrets.password}@${HOST}/`],
            [`${HOST}/?token=${secrets.password}`],
        );
        const ends = new Ends(secrets);
        await fc.assert(
            fc.asyncProperty(someTrouble(), identity, certificate, command, async (trouble, pattern, shown, args) => {
                const kubectl = kubectlWith(trouble, (asked) => explained(asked, pattern, shown));
                ends.add(await runCommand(["explain", ...args], { kubectl, now: NOW }), isDamaged(trouble));
            }),
            { numRuns: RUNS },
        );
        const { answered, refused } = ends;
        assert.ok(answered > RUNS / 8 && refused > 0, `${answered} explained, ${refused} refused`);
    });

    it("whole: the explanation reaches the certificate and the call, and tells no secret", async () => {
        const kubectl = kubectlWith(new Map(), (args) => explained(args, ".*"));
        const { out } = await runCommand(["explain", HOST, "--from", "payments/billing"], { kubectl, now: NOW });
        assert.match(out, /It shows CN=client, O=Test/);
        assert.match(out, /was answered 200/);
        assertHidden(secrets, out);
    });

    it("a proxy's configuration and its access log", () => {
        const page = jsonWith("configs", "@type", "dynamic_route_configs", "route_config", "virtual_hosts", "routes");
        fc.assert(
            fc.property(page, (value) => {
                const { routesOf, clusterOf, forwardedTo } = readProxyConfig(value);
                routesOf("a.example", 443);
                clusterOf("outbound|443||a.example");
                forwardedTo("a.example");
            }),
            { numRuns: RUNS },
        );
        const line = fc.oneof(
            fc.string(),
            jsonWith("authority", "response_code", "response_flags").map((one) => JSON.stringify(one)),
            fc.tuple(fc.constantFrom(...CALLS), changes()).map(([call, made]) => changed(call, made)),
        );
        fc.assert(
            fc.property(fc.array(line), (lines) => void readAccessLog(lines.join("\n"))),
            { numRuns: RUNS },
        );
    });
});
