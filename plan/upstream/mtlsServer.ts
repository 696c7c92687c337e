import { validateHosts } from "../shared/host";
import { validateLabel } from "../shared/names";
import { Violation } from "../shared/violation";

/** Above 1024, so that nginx needs no privileges. */
export const SERVER_PORT = 8443;

/** Seconds after which a connection is closed with its next response. */
const CONNECTION_SECONDS = 10;

/**
 * Shutdown of a server: it continues to answer until it is removed from DNS and no connection is in use. Only then does
 * it close idle connections.
 */
export const DRAIN_COMMAND = ["sh", "-c", `sleep ${CONNECTION_SECONDS + 5}; kill -QUIT 1; sleep 5`];

/** Longer than the drain. */
export const TERMINATION_SECONDS = CONNECTION_SECONDS + 20;

export const INDEX_PAGE = "<!doctype html>\n<title>mesh-egress</title>\n<h1>Welcome to the Mutual TLS Server!</h1>\n";

export interface ServerOptions {
    namespace: string;
    hosts: string[];
}

export function validateServer(server: ServerOptions): Violation[] {
    return [...validateLabel("namespace", server.namespace, "a namespace"), ...validateHosts("hosts", server.hosts)];
}

/** Sources of a server's certificate: whether each argument is set. */
export interface CertificateSource {
    certificate: boolean;
    privateKey: boolean;
    clientCa: boolean;
    certificateSecret: boolean;
}

export function validateCertificateSource({ certificateSecret, ...pem }: CertificateSource): Violation[] {
    return Object.entries(pem)
        .filter(([path, isGiven]) => isGiven === certificateSecret && !(isGiven && path === "clientCa"))
        .map(([path]) => ({
            path,
            problem: certificateSecret
                ? "cannot be set together with certificateSecret, which contains it"
                : "is missing",
            expected:
                "either certificate, privateKey and clientCa, or certificateSecret and, if that has another, clientCa",
            fix: certificateSecret ? "Remove it, or remove certificateSecret" : "Set it, or set certificateSecret",
        }));
}

const NGINX = 'nginx -e /dev/stderr -g "daemon off;"';

/**
 * Command that runs nginx as the container's first process. If its files can change, a loop watches them and reloads
 * nginx.
 */
export function serverCommand(watch: boolean): string[] {
    const files = "cat /etc/nginx/server/* /etc/nginx/client-ca/* | cksum";
    const loop = `last=$(${files}); while sleep 5; do now=$(${files}); [ "$now" = "$last" ] || kill -HUP 1; last=$now; done`;
    return ["sh", "-c", watch ? `(${loop}) & exec ${NGINX}` : `exec ${NGINX}`];
}

/** Port and file paths of a server. */
interface ServerLocation {
    port: number;
    root: string;
    certificate: string;
    privateKey: string;
    clientCa: string;
}

const POD: ServerLocation = {
    port: SERVER_PORT,
    root: "/usr/share/nginx/html",
    certificate: "/etc/nginx/server/tls.crt",
    privateKey: "/etc/nginx/server/tls.key",
    clientCa: "/etc/nginx/client-ca/ca.crt",
};

/** nginx.conf of a server in a pod. It requires a client certificate and logs its subject. */
export function nginxConfig(hosts: string[]): string {
    return `worker_processes 1;
pid /tmp/nginx.pid;
events {}
http {
    error_log /dev/stderr;
    keepalive_time ${CONNECTION_SECONDS}s;

    # The root file system is read-only.
    client_body_temp_path /tmp/client_body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;

${serverConfig(hosts, POD, "/dev/stdout")}}
`;
}

/** The part of nginx's `http` block that defines the server. */
export function serverConfig(hosts: string[], place: ServerLocation, accessLog: string): string {
    return `    log_format ssl_client '$remote_addr - $remote_user [$time_local] '
        '"$request" $status $body_bytes_sent '
        '"Client fingerprint" $ssl_client_fingerprint '
        '"Client DN" $ssl_client_s_dn '
        '"X-Forwarded-Client-Cert" $http_x_forwarded_client_cert '
        '"Client serial" $ssl_client_serial "$ssl_client_verify"';
    access_log ${accessLog} ssl_client;
    server_names_hash_bucket_size 512;

    server {
        listen ${place.port} ssl;
        server_name ${hosts.join(" ")};
        root ${place.root};
        index index.html;
        default_type text/html;

        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate ${place.certificate};
        ssl_certificate_key ${place.privateKey};
        ssl_client_certificate ${place.clientCa};
        ssl_verify_client on;
        # Leaf, intermediate, root, and one more for a cross-signed CA during a rotation.
        ssl_verify_depth 4;
    }
`;
}
