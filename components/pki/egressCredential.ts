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

/** Which credential has which name. */
const credentials = new ClusterClaims(() => new CredentialClaims());

/** Workloads whose own sidecars use a credential. */
export interface CredentialWorkload {
    /** Namespace of the workloads, and of the secret. */
    namespace: string;
    /**
     * Service accounts that get the client certificate over SDS. Istio asks that they may list the secrets of their
     * namespace, all of them, and they are given that right: keep other secrets elsewhere. Default: none, which is right
     * where sidecars take the certificate from files.
     */
    serviceAccounts?: string[];
}

export interface EgressCredentialArgs {
    /** The gateway that uses the credential: an `EgressGateway`, or the facts of one. This or `workload`. */
    gateway?: GatewayReference;
    /** The workloads whose sidecars use it, for a route that goes past the gateway. This or `gateway`. */
    workload?: CredentialWorkload;
    /** Name of the credential; never ending in `-cacert`. Default: the component's name. */
    secretName?: string;
    /** How Kubernetes keeps it. Default: `tls`. */
    format?: SecretFormat;
    /** The client certificate and any intermediates, PEM. Default: none, for a route that only verifies the server. */
    certificate?: pulumi.Input<string>;
    /** Its private key, PEM without a passphrase. Kept a secret, whether given as one or not. With `certificate`. */
    privateKey?: pulumi.Input<string>;
    /** The CA certificates that the partner's server is verified against, PEM. There is no fallback to the system's. */
    serverCa: pulumi.Input<string>;
    /** The CA certificates that issued the client certificate, PEM; only checked, not delivered. Default: `serverCa`. */
    clientCa?: pulumi.Input<string>;
    /**
     * Hours before its expiry within which the client certificate must have been replaced: an update then refuses it.
     * 0 for one that something else renews. Default: 168, or a tenth of its validity where that is less.
     */
    minRemainingHours?: number;
    /**
     * Revocation lists, PEM: one in force of each CA in `serverCa`, which then must hold every CA above a server's
     * certificate; a proxy refuses what comes from a CA without one. Default: none, nothing is revoked.
     */
    crl?: pulumi.Input<string>;
}

/**
 * A client certificate, or only a CA, where the proxy that uses it finds it: in the gateway's namespace or the
 * workloads', read over SDS without a restart. Certificate, key and CAs are checked against each other first.
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
                ? // A CA is no secret, and a ConfigMap takes no right to read secrets.
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

/** The files of the credential by their keys, once they have been checked. */
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

/** The same files, after a word about what of them expires soon. */
function told(name: string, pem: Partial<CredentialPem>, files: Files): Files {
    for (const warning of credentialWarnings(pem, new Date())) {
        void pulumi.log.warn(`EgressCredential ${JSON.stringify(name)}: ${warning}`);
    }
    return files;
}

function encoded(data: Files): Files {
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)]));
}

/** Istio gives a secret to a sidecar only if its service account may list the secrets of the namespace. */
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
            // Istio asks about the account by its name alone, so a binding of the group of all would not do.
            subjects: serviceAccounts.map((account) => ({ kind: "ServiceAccount", name: account, namespace })),
        },
        { parent },
    );
    return [role, binding];
}
