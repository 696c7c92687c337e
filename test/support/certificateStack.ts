import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
    CertificateChain,
    CertificateChainSettings,
    EgressCredential,
    EgressGateway,
    EgressRoute,
    MtlsServer,
} from "../../components";
import { LocalSettings } from "../../lab/proof/program";
import { meshReference } from "./meshReference";

/*
 * The stack in which certificates come and go: a gateway and a server of its own, beside the local stack in its mesh.
 */

export const CERTS_HOST = "certs.partner.example";
export const CERTS_CALLERS = "certs-callers";
export const CERTS_GATEWAY = "certs-egress";
export const CERTS_SERVER = "certs-server";
export const CREDENTIAL = "certs-partner";
/** Seconds after which the gateway replaces a connection. */
export const CONNECTION_SECONDS = 10;

/** What a test changes from one update to the next. */
export interface CertificateStackSettings {
    chain: CertificateChainSettings;
    /** CA certificates that server and gateway trust beside those of the chain, PEM. */
    moreCa?: string;
    /** CA certificates that the gateway trusts instead of all others, PEM. */
    onlyServerCa?: string;
    /** Revocation lists beside those of the chain, PEM. */
    moreCrl?: string;
    /** Revocation lists instead of all others, PEM. */
    onlyCrl?: string;
}

/** The program of the stack; `settings` is asked at each run. */
export function certificateProgram(local: LocalSettings, settings: () => CertificateStackSettings): PulumiFn {
    return () => {
        const { chain: chainSettings, moreCa = "", onlyServerCa, moreCrl = "", onlyCrl } = settings();
        const kubernetes = new Provider("cluster", {
            ...local.cluster,
            enableSecretMutable: true,
            enableConfigMapMutable: true,
        });
        const opts = { providers: [kubernetes] };
        const gateway = new EgressGateway(
            "certs-gateway",
            {
                namespace: CERTS_GATEWAY,
                gatewayName: CERTS_GATEWAY,
                minReplicas: 1,
                mesh: meshReference(local),
            },
            opts,
        );
        const chain = new CertificateChain(
            "certs",
            { ...chainSettings, serverHosts: [CERTS_HOST], clients: [{ name: "app" }] },
            opts,
        );
        const server = new MtlsServer(
            "certs-server",
            {
                namespace: CERTS_SERVER,
                hosts: [CERTS_HOST],
                image: local.nginxImage,
                certificate: chain.serverCertificate,
                privateKey: chain.serverKey,
                clientCa: pulumi.concat(chain.caCertificates, moreCa),
            },
            opts,
        );
        const credential = new EgressCredential(
            "certs-credential",
            {
                gateway,
                secretName: CREDENTIAL,
                certificate: chain.clientCertificates.apply((all) => all.app),
                privateKey: chain.clientKeys.apply((all) => all.app),
                serverCa: onlyServerCa ?? pulumi.concat(chain.caCertificates, moreCa),
                clientCa: chain.caCertificates,
                crl: onlyCrl ?? pulumi.concat(chain.crls, moreCrl),
            },
            opts,
        );
        new EgressRoute(
            "certs-route",
            {
                gateway,
                credential: credential.secretName,
                hosts: [CERTS_HOST],
                address: server.address,
                allowFrom: [{ namespace: CERTS_CALLERS }],
                maxConnectionSeconds: CONNECTION_SECONDS,
            },
            opts,
        );
        const labels = { "istio-injection": "enabled" };
        new Namespace("certs-callers", { metadata: { name: CERTS_CALLERS, labels } }, { provider: kubernetes });
        return Promise.resolve({ certificates: chain.certificates });
    };
}
