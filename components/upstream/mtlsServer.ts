import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ConfigMap, Namespace, Secret, Service } from "@pulumi/kubernetes/core/v1";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import {
    DRAIN_COMMAND,
    INDEX_PAGE,
    SERVER_PORT,
    ServerOptions,
    TERMINATION_SECONDS,
    nginxConfig,
    validateCertificateSource,
    validateServer,
    serverCommand,
} from "../../plan/upstream/mtlsServer";
import { hostObjectName } from "../../plan/shared/names";
import { NON_ROOT_SCC, passthroughRoute } from "../../plan/shared/openshift";
import { digest } from "../internal/digest";
import { base64 } from "../internal/base64";
import { ServerPem, validateClientCa, validateServerCertificate } from "../../plan/pki/serverCertificate";
import { CONTAINER_SECURITY, podSecurity } from "../../plan/shared/hardenedPod";
import { NGINX_IMAGE } from "../../plan/shared/officialSources";
import { validated, assertValid } from "../internal/validation";
import { withoutKey } from "../internal/withoutKey";
import { checkedArguments } from "../internal/checkedArguments";
import { serviceHost } from "../../plan/shared/serviceHost";

/** User and group of nginx in its official image. */
const NGINX_USER = 101;

/** Options of a server that do not depend on its certificate. */
export interface MtlsServerSettings {
    /**
     * Host names of the server.
     *
     * @example ["mtls.partner.example"]
     */
    hosts: string[];
    /** Namespace of the server, outside the mesh. The component creates it. Default: `mesh-external`. */
    namespace?: string;
    /**
     * Image with nginx. Default: nginx 1.29.8, pinned by digest.
     *
     * @example "registry.example/library/image:1.0.0"
     */
    image?: pulumi.Input<string>;
    /** HTML of the index page. Default: the heading `Welcome to the Mutual TLS Server!`. */
    indexPage?: pulumi.Input<string>;
    /** Number of replicas. Default: 1. */
    replicas?: pulumi.Input<number>;
    /**
     * Whether the cluster is OpenShift. Then each host gets a Route that passes TLS through, and the pods get the right
     * to run as nginx's own non-root user. Default: false.
     */
    openshift?: boolean;
}

/** What applies where an option is left out. */
export const SERVER_DEFAULTS = {
    namespace: "mesh-external",
    replicas: 1,
} as const satisfies Partial<MtlsServerSettings>;

export interface MtlsServerArgs extends MtlsServerSettings {
    /** The server certificate, followed by any intermediates, PEM. Default: from `certificateSecret`. */
    certificate?: pulumi.Input<string>;
    /** Its private key, PEM without a passphrase. It is always kept as a secret. Default: from `certificateSecret`. */
    privateKey?: pulumi.Input<string>;
    /**
     * CA certificates that must have issued the client certificates, PEM. Default: the `ca.crt` of `certificateSecret`.
     */
    clientCa?: pulumi.Input<string>;
    /**
     * Name of a secret in the server's namespace that something else maintains, with `tls.crt`, `tls.key` and, without
     * `clientCa`, `ca.crt` for the clients. The server waits for the secret, and reloads it when it changes. Default:
     * none; the three arguments above are required.
     */
    certificateSecret?: pulumi.Input<string>;
    /**
     * Hours before its expiry in which updates refuse the certificate. Set it to 0 if something else renews it.
     * Default: 168, or a tenth of its validity if that is less.
     */
    minRemainingHours?: number;
}

/**
 * nginx outside the mesh that acts as a partner. It requires a client certificate, and answers 400 without a valid one.
 * It logs the certificate's fingerprint, distinguished name and serial number, and why it was refused. A change of its
 * own certificate or of the client CA takes effect without a lost call.
 */
export class MtlsServer extends pulumi.ComponentResource {
    /** DNS name of the server inside the cluster, for a route's `address`. Known once the server is ready. */
    public readonly address: pulumi.Output<string>;
    /** Namespace of the server. Known once the namespace exists, which can be before the server. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: MtlsServerArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("MtlsServer", name, args);
        const request = serverOptions(args);
        const isGiven = (value: unknown) => value !== undefined;
        assertValid("MtlsServer", name, [
            ...validateServer(request),
            ...validateCertificateSource({
                certificate: isGiven(args.certificate),
                privateKey: isGiven(args.privateKey),
                clientCa: isGiven(args.clientCa),
                certificateSecret: isGiven(args.certificateSecret),
            }),
        ]);
        const pem = args.certificateSecret === undefined ? checkedPem(name, args) : undefined;
        const clientCa = pem?.clientCa ?? checkedClientCa(name, args);
        super("mesh-egress:index:MtlsServer", name, registeredArguments(args), opts);

        const child = { parent: this };
        const namespace = new Namespace(
            `${name}-namespace`,
            { metadata: { name: request.namespace, labels: { "istio-injection": "disabled" } } },
            child,
        ).metadata.name;
        const config = { "nginx.conf": nginxConfig(request.hosts) };
        const page = { "index.html": pulumi.output(args.indexPage ?? INDEX_PAGE) };
        const configMap = new ConfigMap(
            `${name}-config`,
            { metadata: { name: `${name}-config`, namespace }, data: config },
            child,
        );
        const pageMap = new ConfigMap(
            `${name}-page`,
            { metadata: { name: `${name}-page`, namespace }, data: page },
            child,
        );
        const kept = { secretName: args.certificateSecret };
        const files = {
            certificate: { secret: pem ? ownCertificate(name, namespace, pem, child) : kept },
            clientCa: clientCa
                ? ownClientCa(name, namespace, clientCa, child)
                : { secret: { ...kept, items: [{ key: "ca.crt", path: "ca.crt" }] } },
        };

        const grant = args.openshift ? [runAsItself(name, namespace, child)] : [];
        const labels = { app: name };
        const deployment = new Deployment(
            `${name}-deployment`,
            {
                metadata: { name, namespace },
                spec: {
                    replicas: args.replicas ?? SERVER_DEFAULTS.replicas,
                    selector: { matchLabels: labels },
                    // A changed file creates a new pod next to the old one, which then drains.
                    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
                    template: {
                        metadata: {
                            labels,
                            // nginx reads its files only at the start, so a change of one of this component's files
                            // restarts it.
                            annotations: {
                                "mesh-egress/files": pulumi
                                    .all([
                                        config["nginx.conf"],
                                        page["index.html"],
                                        clientCa ?? "",
                                        pem?.certificate ?? "",
                                    ])
                                    .apply(digest),
                            },
                        },
                        spec: {
                            automountServiceAccountToken: false,
                            terminationGracePeriodSeconds: TERMINATION_SECONDS,
                            securityContext: { ...podSecurity(NGINX_USER), fsGroup: NGINX_USER },
                            containers: [
                                {
                                    name: "nginx",
                                    image: args.image ?? NGINX_IMAGE,
                                    imagePullPolicy: "IfNotPresent",
                                    command: serverCommand(args.certificateSecret !== undefined),
                                    ports: [{ name: "https", containerPort: SERVER_PORT }],
                                    readinessProbe: { tcpSocket: { port: SERVER_PORT }, periodSeconds: 2 },
                                    lifecycle: { preStop: { exec: { command: DRAIN_COMMAND } } },
                                    securityContext: { ...CONTAINER_SECURITY, readOnlyRootFilesystem: true },
                                    resources: { requests: { cpu: "10m", memory: "32Mi" } },
                                    volumeMounts: [
                                        { name: "config", mountPath: "/etc/nginx/nginx.conf", subPath: "nginx.conf" },
                                        { name: "page", mountPath: "/usr/share/nginx/html" },
                                        { name: "certificate", mountPath: "/etc/nginx/server" },
                                        { name: "client-ca", mountPath: "/etc/nginx/client-ca" },
                                        { name: "tmp", mountPath: "/tmp" },
                                    ],
                                },
                            ],
                            volumes: [
                                { name: "config", configMap: { name: configMap.metadata.name } },
                                { name: "page", configMap: { name: pageMap.metadata.name } },
                                { name: "certificate", ...files.certificate },
                                { name: "client-ca", ...files.clientCa },
                                { name: "tmp", emptyDir: {} },
                            ],
                        },
                    },
                },
            },
            { ...child, dependsOn: grant },
        );
        const service = new Service(
            `${name}-service`,
            {
                metadata: { name, namespace },
                spec: { selector: labels, ports: [{ name: "https", port: 443, targetPort: "https" }] },
            },
            { ...child, dependsOn: deployment },
        );

        if (args.openshift) {
            onOpenShift(name, namespace, args.hosts, { ...child, dependsOn: service });
        }

        this.address = service.metadata.apply(({ name, namespace }) => serviceHost(name, namespace));
        this.namespace = namespace;
        this.registerOutputs();
    }
}

/** Lets the pods run as the image's own user, which OpenShift would otherwise replace. */
function runAsItself(name: string, namespace: pulumi.Output<string>, child: pulumi.CustomResourceOptions): RoleBinding {
    return new RoleBinding(
        `${name}-scc`,
        {
            metadata: { name: `${name}-scc`, namespace },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NON_ROOT_SCC },
            subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
        },
        child,
    );
}

/** Routes to the server from outside the cluster. */
function onOpenShift(
    name: string,
    namespace: pulumi.Output<string>,
    hosts: string[],
    opts: pulumi.CustomResourceOptions,
): void {
    for (const host of hosts) {
        const route = namespace.apply((known) =>
            passthroughRoute({ name: hostObjectName(host), namespace: known }, host, name, "https"),
        );
        const { metadata, spec } = route;
        const kind = { apiVersion: "route.openshift.io/v1", kind: "Route" };
        new CustomResource(`${name}-${host}-route`, { ...kind, metadata, spec }, opts);
    }
}

function checkedPem(name: string, args: MtlsServerArgs): pulumi.Output<ServerPem> {
    const { certificate = "", privateKey = "", clientCa = "", hosts, minRemainingHours } = args;
    return validated<ServerPem>("MtlsServer", name, { certificate, privateKey, clientCa }, (known) =>
        validateServerCertificate(known, { hosts, minRemainingHours }, new Date()),
    );
}

/** The client CA, if the server's secret does not contain it. */
function checkedClientCa(name: string, { clientCa }: MtlsServerArgs): pulumi.Output<string> | undefined {
    return clientCa === undefined
        ? undefined
        : validated("MtlsServer", name, { clientCa }, (known) => validateClientCa(known.clientCa, new Date())).apply(
              (known) => known.clientCa,
          );
}

/**
 * The arguments in the form that the state keeps. Registering waits for every argument, but the server's namespace must
 * be known before the secret's authority exists, and so before a client CA from the same chain.
 */
function registeredArguments(args: MtlsServerArgs): object {
    const { clientCa, ...kept } = withoutKey(args);
    return args.certificateSecret === undefined ? { clientCa, ...kept } : kept;
}

/** An object with the client CA, for the server's pods to mount. */
function ownClientCa(
    name: string,
    namespace: pulumi.Output<string>,
    clientCa: pulumi.Output<string>,
    child: pulumi.CustomResourceOptions,
) {
    const caMap = new ConfigMap(
        `${name}-client-ca`,
        { metadata: { name: `${name}-client-ca`, namespace }, data: { "ca.crt": clientCa } },
        child,
    );
    return { configMap: { name: caMap.metadata.name } };
}

/** An object with the certificate, for the server's pods to mount. */
function ownCertificate(
    name: string,
    namespace: pulumi.Output<string>,
    pem: pulumi.Output<ServerPem>,
    child: pulumi.CustomResourceOptions,
) {
    const certificate = new Secret(
        `${name}-certificate`,
        {
            metadata: { name: `${name}-certificate`, namespace },
            type: "kubernetes.io/tls",
            data: pulumi.secret({
                "tls.crt": pem.certificate.apply(base64),
                "tls.key": pem.privateKey.apply(base64),
            }),
        },
        child,
    );
    return { secretName: certificate.metadata.name };
}

/** The arguments with their defaults, in the form of `plan/`. */
export function serverOptions(args: MtlsServerSettings): ServerOptions {
    return { namespace: args.namespace ?? SERVER_DEFAULTS.namespace, hosts: args.hosts };
}
