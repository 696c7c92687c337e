import { traits } from "../../plan/egress/route/modes";
import { stringify } from "yaml";
import { Adoption, AdoptedCredential, AdoptedRoute } from "./adoption";
import { identifier } from "./identifier";
import { MESH_DEFAULTS } from "../../plan/mesh/meshOptions";

/** The adoption as a Pulumi program in YAML. */
export function yamlProgram({ gateway, routes, credentials }: Adoption): string {
    const reference = gateway && {
        gatewayName: gateway.isNew ? "${gateway.gatewayName}" : gateway.name,
        namespace: gateway.isNew ? "${gateway.namespace}" : gateway.namespace,
        ...(gateway.isNew && { trustDomain: "${gateway.trustDomain}" }),
        ...(gateway.plaintextPort && { plaintextPort: true }),
    };
    const resources = {
        ...(gateway?.isNew && { gateway: newGateway(gateway) }),
        ...Object.fromEntries(
            credentials.map((one) => [
                identifier(one.name, "Credential"),
                {
                    type: "mesh-egress:EgressCredential",
                    name: one.name,
                    properties: credentialProperties(one, reference),
                },
            ]),
        ),
        ...Object.fromEntries(
            routes.map((route) => [
                identifier(route.name, "Route"),
                { type: "mesh-egress:EgressRoute", name: route.name, properties: routeProperties(route, reference) },
            ]),
        ),
    };
    return stringify(
        {
            name: "egress",
            runtime: "yaml",
            config: {
                // Without these two, a rotated certificate would be deleted and made anew instead of updated.
                "kubernetes:enableSecretMutable": { value: true },
                "kubernetes:enableConfigMapMutable": { value: true },
                ...(gateway?.isNew && {
                    istioGatewayChart: { type: "string", default: "gateway" },
                    istioCharts: { type: "string", default: "" },
                    istioVersion: { type: "string", default: "" },
                }),
                ...(Object.fromEntries(
                    credentials.flatMap(({ name, certificate, crl }) => [
                        ...(certificate
                            ? [
                                  [`${name}-certificate`, { type: "string" }],
                                  [`${name}-key`, { type: "string", secret: true }],
                              ]
                            : []),
                        [`${name}-server-ca`, { type: "string" }],
                        ...(crl ? [[`${name}-crl`, { type: "string" }]] : []),
                    ]),
                ) as object),
            },
            resources,
        },
        { lineWidth: 120, aliasDuplicateObjects: false },
    );
}

function newGateway({ name, namespace, meshNamespace, plaintextPort }: NonNullable<Adoption["gateway"]>) {
    return {
        type: "mesh-egress:EgressGateway",
        name: "egress",
        properties: {
            mesh: {
                namespace: meshNamespace,
                trustDomain: MESH_DEFAULTS.trustDomain,
                gatewayChart: "${istioGatewayChart}",
                chartRepository: "${istioCharts}",
                chartVersion: "${istioVersion}",
            },
            gatewayName: name,
            namespace,
            ...(plaintextPort && { plaintextPort }),
        },
    };
}

function credentialProperties({ name, workload, certificate, crl }: AdoptedCredential, gateway: object | undefined) {
    return {
        ...(workload ? { workload } : { gateway }),
        secretName: name,
        ...(certificate && { certificate: `\${${name}-certificate}`, privateKey: `\${${name}-key}` }),
        serverCa: `\${${name}-server-ca}`,
        ...(crl && { crl: `\${${name}-crl}` }),
    };
}

function routeProperties({ name: _name, credential, ...settings }: AdoptedRoute, gateway: object | undefined) {
    const throughGateway = traits(settings.mode).throughGateway;
    return {
        ...(throughGateway && { gateway }),
        ...(credential !== undefined && { credential: `\${${identifier(credential, "Credential")}.secretName}` }),
        ...settings,
    };
}
