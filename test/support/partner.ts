import { Cluster } from "../../lab/proof/cluster";
import { PodRef } from "../../lab/proof/cluster";
import { Issued, keyPem } from "./certificates";

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
    const metadata = { name: "partner", namespace };
    const files = Object.fromEntries(
        identities.flatMap(({ certificate }, index) => [
            [`${index}.crt`, certificate.certificate],
            [`${index}.key`, keyPem(certificate.key)],
        ]),
    );
    const stringData = { ...files, "ca.crt": clientCa, "nginx.conf": config(identities) };
    await cluster.apply({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "istio-injection": "disabled" } },
    });
    await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: {
            selector: { app: "partner" },
            ports: Object.entries(PARTNER).map(([name, port]) => ({ name, port })),
        },
    });
    // nginx reads its files at the start only, and an earlier run may have left one with its own.
    await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, labels: { app: "partner" } },
        spec: {
            terminationGracePeriodSeconds: 0,
            containers: [
                {
                    name: "nginx",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["nginx", "-c", "/partner/nginx.conf", "-e", "/dev/stderr", "-g", "daemon off;"],
                    readinessProbe: { tcpSocket: { port: PARTNER.mutual }, periodSeconds: 1 },
                    volumeMounts: [{ name: "files", mountPath: "/partner" }],
                },
            ],
            volumes: [{ name: "files", secret: { secretName: "partner" } }],
        },
    });
    return cluster.readyPod(namespace, "app=partner", "nginx");
}

function config(identities: ServerIdentity[]): string {
    const saw =
        "dn=$ssl_client_s_dn xfcc=$http_x_forwarded_client_cert host=$host" +
        " traceparent=$http_traceparent b3=$http_x_b3_traceid";
    const tls = (port: number, verify: "on" | "off") =>
        identities.map(
            ({ hosts }, index) => `
    server {
        listen ${port} ssl${index === 0 ? " default_server" : ""};
        server_name ${hosts.join(" ")};
        ssl_certificate /partner/${index}.crt;
        ssl_certificate_key /partner/${index}.key;
        ssl_client_certificate /partner/ca.crt;
        ssl_verify_client ${verify};
        location / { return 200 "${verify === "on" ? "mutual" : "simple"} ${saw}\\n"; }
    }`,
        );
    return `pid /tmp/nginx.pid;
events {}
http {
    log_format saw '$server_port $status "$request" ${saw}';
    access_log /dev/stdout saw;
    server_names_hash_bucket_size 512;
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
${[...tls(PARTNER.mutual, "on"), ...tls(PARTNER.simple, "off")].join("\n")}
    server {
        listen ${PARTNER.http};
        location / { return 200 "http ${saw}\\n"; }
    }
    server {
        listen ${PARTNER.redirect};
        location / { return 301 https://$host$request_uri; }
    }
}
`;
}
