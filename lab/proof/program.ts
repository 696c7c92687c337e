import * as pulumi from "@pulumi/pulumi";
import { EgressRoute } from "../../components";
import { StackConfig } from "../../stacks/config";
import { deployEnvironment } from "../../stacks/environment";

/** Namespace of the workloads that may call the partner. */
export const CALLERS = "payments";
/** The host that everything is right for. */
export const HOST = "mtls.partner.example";
/** A host whose server shows a certificate of another name. */
export const IMPOSTOR = "impostor.partner.example";
/** A host whose credential is not there at first. */
export const LATE = "late.partner.example";
/** Name of the secret that `LATE` waits for. */
export const LATE_SECRET = "late";
/** Name of the partner's client certificate, and what the partner sees in it. */
export const ROUTE = "partner";
export const CLIENT_NAME = "payments.local.example";

/** What a cluster must be told, beyond what is the same in every local environment. */
export interface LocalSettings {
    cluster: StackConfig["cluster"];
    mesh: NonNullable<StackConfig["mesh"]>;
    nginxImage?: string;
    curlImage: string;
}

/** The local stack, as `stacks/Pulumi.local.yaml` has it, with the names that the proofs need. */
export function localConfig({ cluster, mesh, nginxImage, curlImage }: LocalSettings): StackConfig {
    return {
        cluster,
        mesh,
        gateway: { minReplicas: 1 },
        server: { hosts: [HOST, LATE], image: nginxImage },
        callerNamespaces: [CALLERS],
        routes: [
            {
                name: ROUTE,
                hosts: [HOST],
                allowFrom: [{ namespace: CALLERS, serviceAccounts: ["default"] }],
                clientName: CLIENT_NAME,
            },
        ],
        probe: { namespace: CALLERS, image: curlImage, expectedText: "Welcome to the Mutual TLS Server!" },
    };
}

/** What a test adds to the program; `cluster` has the provider of the environment's cluster. */
export type Addition = (cluster: { providers: pulumi.ProviderResource[] }) => void;

/** The local environment, and two routes that are wrong on purpose, to show what happens then. */
export function proofProgram(config: StackConfig, addition: Addition = () => {}) {
    return () => {
        const { egress, providers } = deployEnvironment(config);
        const wrong = (name: string, host: string, credential: string) =>
            new EgressRoute(
                name,
                {
                    hosts: [host],
                    gateway: { gatewayName: egress.gatewayName, namespace: egress.gatewayNamespace },
                    credential,
                    address: egress.serverAddress,
                    allowFrom: [{ namespace: CALLERS, serviceAccounts: ["default"] }],
                },
                { providers },
            );
        wrong("impostor", IMPOSTOR, ROUTE);
        wrong("late", LATE, LATE_SECRET);
        addition({ providers });
        return Promise.resolve({
            gatewayName: egress.gatewayName,
            gatewayNamespace: egress.gatewayNamespace,
            hosts: egress.hosts,
        });
    };
}
