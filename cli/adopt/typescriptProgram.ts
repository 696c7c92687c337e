import { traits } from "../../plan/egress/route/modes";
import { Adoption, AdoptedCredential, AdoptedRoute } from "./adoption";
import { identifier } from "./identifier";
import { MESH_DEFAULTS } from "../../plan/mesh/meshOptions";

/** The adoption as a Pulumi program in TypeScript. */
export function typescriptProgram({ gateway, routes, credentials }: Adoption): string {
    const imports = [
        ...(credentials.length > 0 ? ["EgressCredential"] : []),
        ...(gateway?.isNew ? ["EgressGateway"] : []),
        ...(routes.length > 0 ? ["EgressRoute"] : []),
    ];
    const needsConfig = credentials.length > 0 || gateway?.isNew;
    const blocks = [
        [
            ...(needsConfig ? ['import { Config } from "@pulumi/pulumi";'] : []),
            `import { ${imports.join(", ")} } from "mesh-egress";`,
        ].join("\n"),
        ...(needsConfig ? ["const config = new Config();"] : []),
        ...(gateway ? [gatewayBlock(gateway)] : []),
        ...credentials.map(credentialBlock),
        ...routes.map((route) => routeBlock(route)),
    ];
    return `${blocks.join("\n\n")}\n`;
}

function gatewayBlock({
    name,
    namespace,
    meshNamespace,
    isNew,
    plaintextPort,
}: NonNullable<Adoption["gateway"]>): string {
    if (!isNew) {
        return `// The existing gateway.\nconst gateway = ${object({ gatewayName: name, namespace, ...(plaintextPort && { plaintextPort }) })};`;
    }
    return `// The existing mesh. Its gateway chart creates the new gateway next to the old one.
const gateway = new EgressGateway("egress", {
    mesh: {
        namespace: ${text(meshNamespace)},
        trustDomain: ${text(MESH_DEFAULTS.trustDomain)},
        gatewayChart: config.get("istioGatewayChart") ?? "gateway",
        chartRepository: config.get("istioCharts"),
        chartVersion: config.get("istioVersion"),
    },
    gatewayName: ${text(name)},
    namespace: ${text(namespace)},${plaintextPort ? "\n    // Some callers reach the gateway without the mesh's mutual TLS, as before.\n    plaintextPort: true," : ""}
});`;
}

function credentialBlock({ name, workload, certificate, crl }: AdoptedCredential): string {
    const lines = [
        workload ? `workload: ${object(workload)},` : "gateway,",
        `secretName: ${text(name)},`,
        ...(certificate
            ? [
                  `certificate: config.require(${text(`${name}-certificate`)}),`,
                  `privateKey: config.requireSecret(${text(`${name}-key`)}),`,
              ]
            : []),
        `serverCa: config.require(${text(`${name}-server-ca`)}),`,
        ...(crl ? [`crl: config.require(${text(`${name}-crl`)}),`] : []),
    ];
    return `const ${variable(name)} = new EgressCredential(${text(name)}, {\n    ${lines.join("\n    ")}\n});`;
}

function routeBlock({ name, credential, ...settings }: AdoptedRoute): string {
    const { hosts, mode, allowFrom, ...others } = settings;
    const throughGateway = traits(mode).throughGateway;
    const lines = [
        ...(throughGateway ? ["gateway,"] : []),
        ...(credential === undefined ? [] : [`credential: ${variable(credential)}.secretName,`]),
        `hosts: ${printed(hosts)},`,
        ...(mode === "mutualTls" ? [] : [`mode: ${text(mode)},`]),
        `allowFrom: ${printed(allowFrom)},`,
        ...Object.entries(others).map(([key, one]) => `${key}: ${printed(one)},`),
    ];
    return `new EgressRoute(${text(name)}, {\n    ${lines.join("\n    ")}\n});`;
}

function variable(name: string): string {
    return identifier(name, "Credential");
}

function text(value: string): string {
    return JSON.stringify(value);
}

function object(value: object): string {
    const parts = Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([key, one]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : text(key)}: ${printed(one)}`);
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function printed(one: unknown): string {
    if (Array.isArray(one)) {
        return `[${one.map(printed).join(", ")}]`;
    }
    return typeof one === "object" && one !== null ? object(one) : JSON.stringify(one);
}
