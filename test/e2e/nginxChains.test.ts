import assert from "node:assert/strict";
import fc from "fast-check";
import { CertificateChain } from "../../components";
import { Cluster, PodRef } from "../../lab/proof/cluster";
import { SERVER_PORT, nginxConfig } from "../../plan/upstream/mtlsServer";
import { anyChain } from "../support/chains";
import { localEnvironment } from "../support/localEnvironment";
import { record, run, valueOf } from "../support/mocks";

const PORT = 9443;
const FOLDER = "/tmp/chains";

/** What server and client have of a chain, PEM. */
interface Files {
    "server/tls.crt": string;
    "server/tls.key": string;
    "client-ca/ca.crt": string;
    "client.crt": string;
    "client.key": string;
}

describe("nginx", () => {
    let cluster: Cluster;
    let server: PodRef;

    before(async function () {
        const environment = await localEnvironment(this);
        cluster = environment.cluster;
        server = environment.context.server;
    });

    it("accepts every chain that is made, as curl does on the other side", async () => {
        await fc.assert(
            fc.asyncProperty(anyChain, async (args) => {
                const recorder = await record();
                const chain = await run(recorder, () => new CertificateChain("chain", args));
                const client = (args.clients ?? [])[0].name;
                const [certificates, keys] = await Promise.all([
                    valueOf(chain.clientCertificates),
                    valueOf(chain.clientKeys),
                ]);
                const hosts = args.serverHosts ?? [];
                const seen = await talk(hosts, {
                    "server/tls.crt": await valueOf(chain.serverCertificate),
                    "server/tls.key": await valueOf(chain.serverKey),
                    "client-ca/ca.crt": await valueOf(chain.caCertificates),
                    "client.crt": certificates[client],
                    "client.key": keys[client],
                });
                assert.deepEqual(
                    seen,
                    hosts.map((host) => `${host} 200`),
                );
            }),
            { numRuns: 10 },
        );
    });

    /** Starts a second nginx in the server's pod, calls it once a host, and ends it. */
    async function talk(hosts: string[], files: Files): Promise<string[]> {
        const config = nginxConfig(hosts)
            .replaceAll("/etc/nginx", FOLDER)
            .replace(`listen ${SERVER_PORT}`, `listen 127.0.0.1:${PORT}`)
            .replace("/tmp/nginx.pid", `${FOLDER}/nginx.pid`)
            .replaceAll("/dev/stdout", "/dev/null");
        const curl = `curl -s -o /dev/null --cacert ${FOLDER}/client-ca/ca.crt --cert ${FOLDER}/client.crt --key ${FOLDER}/client.key`;
        const script = [
            `rm -rf ${FOLDER}; umask 077; mkdir -p ${FOLDER}/server ${FOLDER}/client-ca`,
            ...Object.entries({ ...files, "nginx.conf": config }).map(
                ([path, text]) => `cat > ${FOLDER}/${path} <<'END'\n${text}\nEND`,
            ),
            `nginx -c ${FOLDER}/nginx.conf -e /dev/stderr`,
            ...hosts.map(
                (host) =>
                    `${curl} --resolve ${host}:${PORT}:127.0.0.1 -w '${host} %{http_code}\\n' https://${host}:${PORT}/`,
            ),
            `nginx -c ${FOLDER}/nginx.conf -e /dev/stderr -s stop`,
            `while [ -e ${FOLDER}/nginx.pid ]; do sleep 0.1; done; rm -rf ${FOLDER}`,
            // Not every exec protocol can say that standard input has ended.
            "exit",
            "",
        ].join("\n");
        const { stdout, stderr } = await cluster.exec(server, ["sh", "-s"], script);
        assert.ok(!/\[(emerg|alert|crit|error)\]/.test(stderr), stderr);
        return stdout.trim().split("\n");
    }
});
