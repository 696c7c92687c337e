import { Cluster } from "../../lab/proof/cluster";
import { Issued, keyPem } from "./certificates";
import { NGINX_FOLDER, nginxFile, startNginx } from "./nginx";

/** Ports of the badly behaved partner, by what it does there. */
export const BAD = {
    /** Ends the connection when a request comes. */
    ends: 9441,
    /** Refuses the client certificate with an alert in a handshake of TLS 1.2, or of TLS 1.3. */
    refuses12: 9442,
    refuses13: 9443,
    /** Takes the request and never answers. */
    silent: 9444,
};

/** A partner outside the mesh that trusts no client certificate but those of `ca`. nginx answers such a one with 400, openssl with an alert. */
export async function startBadPartner(
    cluster: Cluster,
    namespace: string,
    image: string,
    server: Issued,
    ca: Issued,
): Promise<string> {
    await cluster.apply({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "istio-injection": "disabled" } },
    });
    const openssl = `openssl s_server -quiet -cert ${NGINX_FOLDER}/tls.crt -key ${NGINX_FOLDER}/tls.key -CAfile ${NGINX_FOLDER}/ca.crt`;
    const refusing = `${openssl} -www -Verify 2 -verify_return_error`;
    await startNginx(cluster, {
        namespace,
        image,
        ports: BAD,
        files: { "tls.crt": server.certificate, "tls.key": keyPem(server.key), "ca.crt": ca.certificate },
        beside: [
            `${refusing} -accept ${BAD.refuses12} -tls1_2`,
            `${refusing} -accept ${BAD.refuses13} -tls1_3`,
            // What it is told on its standard input is its answer, and it is told nothing.
            `tail -f /dev/null | ${openssl} -accept ${BAD.silent}`,
        ],
        config: nginxFile([
            [
                `server { listen ${BAD.ends} ssl;`,
                `ssl_certificate ${NGINX_FOLDER}/tls.crt; ssl_certificate_key ${NGINX_FOLDER}/tls.key;`,
                "location / { return 444; } }",
            ].join(" "),
        ]),
    });
    return `partner.${namespace}.svc.cluster.local`;
}
