import { Cluster, PodRef } from "../../lab/proof/cluster";
import { Issued, keyPem } from "./certificates";
import { nginxFile, startNginx, tlsServer } from "./nginx";

/** Ports of the partner, one a kind of server. */
export const PARTNER = { mutual: 8443, simple: 8444, http: 8080, redirect: 8081 };

/** A server certificate, and the hosts that it is shown for; the first one is shown for all others. */
export interface ServerIdentity {
    hosts: string[];
    certificate: Issued;
}

/**
 * nginx outside the mesh with every kind of server that a mode talks to. It answers with what it saw, and logs it:
 * port, status, request, and the subject of the client's certificate.
 */
export async function startPartner(
    cluster: Cluster,
    namespace: string,
    image: string,
    identities: ServerIdentity[],
    clientCa: string,
): Promise<PodRef> {
    const files = Object.fromEntries(
        identities.flatMap(({ certificate }, index) => [
            [`${index}.crt`, certificate.certificate],
            [`${index}.key`, keyPem(certificate.key)],
        ]),
    );
    await cluster.apply({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "istio-injection": "disabled" } },
    });
    const config = partnerFile(identities);
    return startNginx(cluster, { namespace, image, config, files: { ...files, "ca.crt": clientCa }, ports: PARTNER });
}

/** Its nginx.conf. */
export function partnerFile(identities: ServerIdentity[]): string {
    const saw =
        "dn=$ssl_client_s_dn xfcc=$http_x_forwarded_client_cert host=$host" +
        " traceparent=$http_traceparent b3=$http_x_b3_traceid";
    const tls = (port: number, verifies: boolean) =>
        identities.map(({ hosts }, index) =>
            tlsServer({
                ...{ port, hosts, verifies },
                key: String(index),
                isDefault: index === 0,
                answer: `${verifies ? "mutual" : "simple"} ${saw}`,
            }),
        );
    return nginxFile(
        [
            ...tls(PARTNER.mutual, true),
            ...tls(PARTNER.simple, false),
            `server { listen ${PARTNER.http}; location / { return 200 "http ${saw}\\n"; } }`,
            `server { listen ${PARTNER.redirect}; location / { return 301 https://$host$request_uri; } }`,
        ],
        `log_format saw '$server_port $status "$request" ${saw}';
access_log /dev/stdout saw;
server_names_hash_bucket_size 512;`,
    );
}
