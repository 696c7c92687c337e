import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1";
import { CredentialPem, refuseCredential } from "../../plan/credential";
import { refuseSecretName } from "../../plan/names";
import { base64 } from "../base64";
import { GatewayReference } from "../egress/gatewayReference";
import { accepted, refuse } from "../refuse";

export interface EgressCredentialArgs {
    /** The gateway that shows the certificate: an `EgressGateway`, or the facts of one. */
    gateway: GatewayReference;
    /** Name of the secret; never ending in `-cacert`. Default: the component's name. */
    secretName?: string;
    /** The client certificate and any intermediates, PEM. */
    certificate: pulumi.Input<string>;
    /** Its private key, PEM without a passphrase. Kept a secret, whether given as one or not. */
    privateKey: pulumi.Input<string>;
    /** The CA certificates that the partner's server is verified against, PEM. There is no fallback to the system's. */
    serverCa: pulumi.Input<string>;
    /** The CA certificates that issued the client certificate, PEM; only checked, not delivered. Default: `serverCa`. */
    clientCa?: pulumi.Input<string>;
}

/**
 * A client certificate where the egress gateway finds it: a secret in the gateway's namespace, which the gateway reads
 * over SDS without a restart. Certificate, key and CAs are checked against each other before the secret is made.
 */
export class EgressCredential extends pulumi.ComponentResource {
    /** Name of the secret, for a route's `credential`. */
    public readonly secretName: pulumi.Output<string>;

    constructor(name: string, args: EgressCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
        const secretName = args.secretName ?? name;
        refuse("EgressCredential", name, refuseSecretName("secretName", secretName));
        const pem = accepted<CredentialPem>(
            "EgressCredential",
            name,
            {
                certificate: args.certificate,
                privateKey: args.privateKey,
                serverCa: args.serverCa,
                clientCa: args.clientCa ?? args.serverCa,
            },
            (known) => refuseCredential(known, new Date()),
        );
        super("mesh-egress:index:EgressCredential", name, withSecretKey(args), opts);

        const secret = new Secret(
            `${name}-secret`,
            {
                metadata: { name: secretName, namespace: args.gateway.namespace },
                type: "kubernetes.io/tls",
                data: pulumi.secret(
                    pem.apply(({ certificate, privateKey, serverCa }) => ({
                        "tls.crt": base64(certificate),
                        "tls.key": base64(privateKey),
                        "ca.crt": base64(serverCa),
                    })),
                ),
            },
            { parent: this },
        );

        this.secretName = secret.metadata.name;
        this.registerOutputs();
    }
}

/** A component's arguments are kept in the state as they are given. */
function withSecretKey(args: EgressCredentialArgs): EgressCredentialArgs {
    return { ...args, privateKey: pulumi.secret(args.privateKey) };
}
