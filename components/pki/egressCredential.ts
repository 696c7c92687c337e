import * as pulumi from "@pulumi/pulumi";
import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import {
    CredentialClaims,
    CredentialPem,
    CredentialOptions,
    ServerTrust,
    credentialWarnings,
    validateCredential,
    validateCredentialOptions,
    validateServerTrust,
} from "../../plan/pki/credential";
import { caOnlySecret } from "../../plan/shared/names";
import { base64 } from "../internal/base64";
import { ClusterClaims } from "../internal/clusterClaims";
import { GatewayReference } from "../egress/gatewayReference";
import { warnOfMissingSwitches } from "../internal/providerSwitches";
import { validated, assertValid } from "../internal/validation";
import { withoutKey } from "../internal/withoutKey";
import { SecretFormat } from "../../plan/pki/secretFormat";
import { checkedArguments } from "../internal/checkedArguments";

/** Owner of each credential name. */
const credentials = new ClusterClaims(() => new CredentialClaims());

/** Workloads whose own sidecars use a credential. */
export interface CredentialWorkload {
    /** Namespace of the workloads, and of the secret. */
    namespace: string;
    /**
     * Service accounts that get the client certificate over SDS. Istio requires that they may list all secrets in their
     * namespace, and the component gives them that right: keep other secrets elsewhere. Default: none; sidecars read
     * the certificate from files.
     *
     * @example ["billing"]
     */
    serviceAccounts?: string[];
}

export interface EgressCredentialArgs {
    /**
     * The gateway that uses the credential: an `EgressGateway`, or the fields of an existing one. Set either this or
     * `workload`.
     */
    gateway?: GatewayReference;
    /**
     * The workloads whose sidecars use the credential, for a route without the gateway. Set either this or `gateway`.
     *
     * @example { namespace: "payments", serviceAccounts: ["billing"] }
     */
    workload?: CredentialWorkload;
    /** Name of the credential. Must not end in `-cacert`. Default: the component's name. */
    secretName?: string;
    /** Type of its Kubernetes secret. Default: `tls`. */
    format?: SecretFormat;
    /**
     * The client certificate, followed by any intermediates, PEM. Default: none, for a route that only verifies the
     * server.
     */
    certificate?: pulumi.Input<string>;
    /** Its private key, PEM without a passphrase. Required with `certificate`. It is always kept as a secret. */
    privateKey?: pulumi.Input<string>;
    /** The CA certificates of the partner's server, PEM. The system's own CAs are never used instead. */
    serverCa: pulumi.Input<string>;
    /**
     * The CA certificates that issued the client certificate, PEM. Used for checks only, not delivered. Default:
     * `serverCa`.
     */
    clientCa?: pulumi.Input<string>;
    /**
     * Hours before its expiry in which updates refuse the client certificate. Set it to 0 if something else renews it.
     * Default: 168, or a tenth of its validity if that is less.
     */
    minRemainingHours?: number;
    /**
     * Revocation lists, PEM: a current one of each CA in `serverCa`, which then must contain every CA above a server's
     * certificate. A proxy refuses certificates from a CA without a list. Default: none; nothing is revoked.
     */
    crl?: pulumi.Input<string>;
}

/**
 * A client certificate, or only a CA, in the namespace of the proxy that uses it: the gateway's or the workloads'. The
 * proxy gets it over SDS without a restart. Certificate, key and CAs are checked against each other first.
 */
export class EgressCredential extends pulumi.ComponentResource {
    /** Name of the credential, for a route's `credential`. */
    public readonly secretName: pulumi.Output<string>;

    constructor(name: string, args: EgressCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressCredential", name, args);
        const secretName = args.secretName ?? name;
        assertValid("EgressCredential", name, validateCredentialOptions(credentialOptions(args, secretName)));
        assertValid("EgressCredential", name, credentials.of(opts).claim(name, credentialOptions(args, secretName)));
        const data = credentialData(name, args);
        super("mesh-egress:index:EgressCredential", name, withoutKey(args), opts);
        warnOfMissingSwitches(this, opts);

        const child = { parent: this };
        const namespace = args.gateway ? args.gateway.namespace : args.workload!.namespace;
        const caOnly = args.certificate === undefined;
        const metadata = { name: caOnly && args.gateway ? caOnlySecret(secretName) : secretName, namespace };
        const kept =
            caOnly && args.workload
                ? // A CA is not secret, and a ConfigMap needs no right to read secrets.
                  new ConfigMap(`${name}-config-map`, { metadata, data }, child)
                : new Secret(
                      `${name}-secret`,
                      {
                          metadata,
                          type: caOnly || args.format === SecretFormat.Generic ? "Opaque" : "kubernetes.io/tls",
                          data: pulumi.secret(data.apply(encoded)),
                      },
                      child,
                  );
        const { serviceAccounts } = args.workload ?? {};
        const rights = serviceAccounts && !caOnly ? readRights(name, metadata, serviceAccounts, this) : [];

        this.secretName = pulumi.all([kept.metadata, ...rights.map((right) => right.metadata)]).apply(() => secretName);
        this.registerOutputs();
    }
}

function credentialOptions(args: EgressCredentialArgs, secretName: string): CredentialOptions {
    return {
        secretName,
        hasGateway: args.gateway !== undefined,
        workload: args.workload,
        hasCertificate: args.certificate !== undefined,
        hasPrivateKey: args.privateKey !== undefined,
    };
}

type Files = Record<string, string>;

/** The files of the credential by key, after they have been checked. */
function credentialData(name: string, args: EgressCredentialArgs): pulumi.Output<Files> {
    const { certificate, privateKey, serverCa, minRemainingHours } = args;
    const trust = { serverCa, crl: args.crl ?? "" };
    if (certificate === undefined || privateKey === undefined) {
        return validated<ServerTrust>("EgressCredential", name, trust, (known) =>
            validateServerTrust(known, new Date()),
        ).apply((known) => told(name, known, trustFiles(known)));
    }
    return validated<CredentialPem>(
        "EgressCredential",
        name,
        { ...trust, certificate, privateKey, clientCa: args.clientCa ?? serverCa, minRemainingHours },
        (known) => validateCredential(known, new Date()),
    ).apply((known) =>
        told(name, known, { "tls.crt": known.certificate, "tls.key": known.privateKey, ...trustFiles(known) }),
    );
}

function trustFiles({ serverCa, crl }: ServerTrust): Files {
    return { "ca.crt": serverCa, ...(crl !== "" && { "ca.crl": crl }) };
}

/** The same files, after a warning about those that expire soon. */
function told(name: string, pem: Partial<CredentialPem>, files: Files): Files {
    for (const warning of credentialWarnings(pem, new Date())) {
        void pulumi.log.warn(`EgressCredential ${JSON.stringify(name)}: ${warning}`);
    }
    return files;
}

function encoded(data: Files): Files {
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)]));
}

/** Right to list the namespace's secrets: Istio gives a secret only to a sidecar whose service account has it. */
function readRights(
    name: string,
    secret: { name: string; namespace: pulumi.Input<string> },
    serviceAccounts: string[],
    parent: pulumi.Resource,
) {
    const { namespace } = secret;
    const metadata = { name: `${secret.name}-reader`, namespace };
    const role = new Role(
        `${name}-role`,
        { metadata, rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }] },
        { parent },
    );
    const binding = new RoleBinding(
        `${name}-role-binding`,
        {
            metadata,
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
            // Istio checks the account by name only, so a binding of the group of all service accounts has no effect.
            subjects: serviceAccounts.map((account) => ({ kind: "ServiceAccount", name: account, namespace })),
        },
        { parent },
    );
    return [role, binding];
}
