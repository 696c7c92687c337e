import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import { EgressCredential, EgressRoute } from "../../components";
import { WILDCARD_VERSIONS } from "../../plan/mesh/istioVersions";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { CALLERS, Credential, GATEWAY, guideObjects, ourObjects, secretOf } from "./layouts";
import { Partner, partners } from "./partners";

/** Who makes the objects of the same hosts. */
export type Layout = "components" | "wildcards" | "bare" | "guides";

export interface ProgramInput {
    layout: Layout;
    hosts: number;
    kubeconfig: string;
    context?: string;
    credential: Credential;
}

/** A program as a user would write it for so many hosts. */
export function program({ layout, hosts, kubeconfig, context, credential }: ProgramInput): void {
    const provider = new Provider("cluster", { kubeconfig, context, enableSecretMutable: true });
    const make = {
        components: withComponents,
        wildcards: withWildcards,
        bare: asResources(ourObjects),
        guides: asResources(guideObjects),
    };
    partners(hosts).forEach((partner) => make[layout](partner, credential, provider));
}

/** All hosts of a partner as one wildcard. */
function withWildcards({ name }: Partner, pem: Credential, provider: Provider): void {
    withComponents({ name, hosts: [`*.${name}.example`] }, pem, provider);
}

function withComponents({ name, hosts }: Partner, pem: Credential, provider: Provider): void {
    const istioVersion = `${WILDCARD_VERSIONS[0]}.0`;
    const gateway = { gatewayName: GATEWAY.name, namespace: GATEWAY.namespace, istioVersion };
    const opts = { providers: [provider] };
    const { secretName } = new EgressCredential(name, { gateway, ...pem }, opts);
    new EgressRoute(name, { gateway, credential: secretName, hosts, allowFrom: CALLERS }, opts);
}

function asResources(objects: (partner: Partner) => KubernetesObject[]) {
    return (partner: Partner, credential: Credential, provider: Provider): void => {
        new Secret(partner.name, secretOf(partner, credential), { provider });
        for (const object of objects(partner)) {
            new CustomResource(`${object.kind}-${object.metadata.name}`, { ...object }, { provider });
        }
    };
}
