import { Cluster } from "../../lab/proof/cluster";
import { CertificateOptions, Issued, issue, keyPem, newKey } from "../../test/support/certificates";
import { NGINX_FOLDER, nginxFile, startNginx, tlsServer } from "../../test/support/nginx";
import { INDEX_PAGE, serverConfig } from "../../plan/upstream/mtlsServer";
import { CALLERS, GATEWAY, namespace } from "./benchMesh";

/** The partner's hosts, each on a port of its own. */
export const PARTNER = {
    /** With keys and certificates as CertificateChain makes them. */
    ecdsa: { host: "api.partner.example", port: 8443 },
    rsa: { host: "rsa.partner.example", port: 8444 },
    /** Closes a connection that is idle for five seconds. */
    hasty: { host: "hasty.partner.example", port: 8445 },
    /** As an MtlsServer is: logs every call with the client's fingerprint and name. */
    logging: { host: "logging.partner.example", port: 8446 },
    /** Ends each connection with its answer, which is the serial number of the client's certificate. */
    fresh: { host: numberedHost(0), port: 8447 },
};

/** One of many hosts of the partner's. */
export function numberedHost(index: number): string {
    return `host-${index}.partner.example`;
}

/** All numbered hosts, as the partner's certificate names them. */
const NUMBERED_HOSTS = "*.partner.example";

export const PARTNER_NAMESPACE = "mesh-external";
export const OUTSIDE = "outside";
export const ADDRESS = `partner.${PARTNER_NAMESPACE}.svc.cluster.local`;

/** Secrets of the clients: ECDSA, and RSA. */
export const CLIENTS = { ecdsa: "client", rsa: "client-rsa" };

/** Root and intermediate as CertificateChain makes them, and what they sign. */
interface CertificateAuthority {
    root: Issued;
    /** A certificate with its intermediate, and its key, PEM. */
    leaf: (subject: string, usage: "client" | "server", hosts?: string[]) => Promise<Pem>;
}

interface Pem {
    certificate: string;
    privateKey: string;
}

async function authority(algorithm: "EC" | "RSA"): Promise<CertificateAuthority> {
    const valid = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 48 * 3_600_000) };
    const own = (options: Omit<CertificateOptions, "key">) => issue({ ...options, ...valid, key: newKey(algorithm) });
    const root = await own({ subject: `CN=${algorithm} root`, ca: true });
    const intermediate = await own({ subject: `CN=${algorithm} intermediate`, ca: true, issuer: root });
    return {
        root,
        leaf: async (subject, usage, hosts) => {
            const leaf = await own({ subject, usage, hosts, issuer: intermediate });
            return { certificate: leaf.certificate + intermediate.certificate, privateKey: keyPem(leaf.key) };
        },
    };
}

export interface Partner {
    /** Gives the gateway another client certificate in the place of the ECDSA one. */
    rotate(): Promise<void>;
}

/** nginx outside the mesh that answers 200 to those with a client certificate, as quickly as it can. */
export async function startPartner(cluster: Cluster, image: string): Promise<Partner> {
    const [ec, rsa] = await Promise.all([authority("EC"), authority("RSA")]);
    const ca = ec.root.certificate + rsa.root.certificate;
    await cluster.apply(namespace(PARTNER_NAMESPACE, false));
    await cluster.apply(namespace(OUTSIDE, false));
    const giveClient = async (inNamespace: string, name: string, { leaf }: CertificateAuthority) => {
        const { certificate, privateKey } = await leaf("CN=client", "client");
        const stringData = { "tls.crt": certificate, "tls.key": privateKey, "ca.crt": ca };
        const metadata = { name, namespace: inNamespace };
        await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData });
    };
    for (const inNamespace of [OUTSIDE, CALLERS, GATEWAY.namespace]) {
        await giveClient(inNamespace, CLIENTS.ecdsa, ec);
        await giveClient(inNamespace, CLIENTS.rsa, rsa);
    }
    const { ecdsa, rsa: rsaHost, hasty, logging } = PARTNER;
    const servers = {
        ec: await ec.leaf("CN=partner", "server", [ecdsa.host, hasty.host, logging.host, NUMBERED_HOSTS]),
        rsa: await rsa.leaf("CN=partner", "server", [rsaHost.host]),
    };
    const files = {
        "ec.crt": servers.ec.certificate,
        "ec.key": servers.ec.privateKey,
        "rsa.crt": servers.rsa.certificate,
        "rsa.key": servers.rsa.privateKey,
        "ca.crt": ca,
        "index.html": INDEX_PAGE,
    };
    const ports = Object.fromEntries(Object.entries(PARTNER).map(([name, { port }]) => [name, port]));
    await startNginx(cluster, { namespace: PARTNER_NAMESPACE, image, config: partnerFile(), files, ports });
    return { rotate: () => giveClient(GATEWAY.namespace, CLIENTS.ecdsa, ec) };
}

/** Its nginx.conf, with nginx's own defaults for what is kept alive: 75 s idle, 1,000 calls, an hour. */
export function partnerFile(): string {
    const server = ({ host, port }: { host: string; port: number }, key: string, ...more: string[]) =>
        tlsServer({
            ...{ port, key, verifies: true, hosts: [host] },
            answer: "$ssl_client_serial",
            more: ["access_log off;", ...more],
        });
    const { host, port } = PARTNER.logging;
    const file = (name: string) => `${NGINX_FOLDER}/${name}`;
    const place = {
        port,
        root: NGINX_FOLDER,
        certificate: file("ec.crt"),
        privateKey: file("ec.key"),
        clientCa: file("ca.crt"),
    };
    return nginxFile([
        server(PARTNER.ecdsa, "ec"),
        server(PARTNER.rsa, "rsa"),
        server(PARTNER.hasty, "ec", "keepalive_timeout 5s;"),
        server(PARTNER.fresh, "ec", "keepalive_timeout 0;"),
        serverConfig([host], place, "/dev/stdout"),
    ]);
}
