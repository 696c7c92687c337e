import { Fields, fields } from "../../review/fields";
import { RawObject, objectRef } from "../../review/rawObject";
import { NotCarried } from "./adoption";

/**
 * What an adoption understands of each kind, as paths without indexes; everything below a path that ends in `.` is understood too.
 * What is not here is told, whatever it is.
 */
const UNDERSTOOD: Record<string, string[]> = {
    ServiceEntry: [
        "hosts",
        "location",
        "resolution",
        "exportTo",
        "ports.number",
        "ports.name",
        "ports.protocol",
        "ports.targetPort",
        "endpoints.address",
    ],
    VirtualService: [
        "hosts",
        "gateways",
        "exportTo",
        ...["http", "tls", "tcp"].flatMap((kind) => [
            `${kind}.name`,
            `${kind}.match.name`,
            `${kind}.match.gateways`,
            `${kind}.match.port`,
            `${kind}.match.sniHosts`,
            `${kind}.match.sourceLabels.`,
            `${kind}.match.authority.`,
            `${kind}.route.destination.host`,
            `${kind}.route.destination.subset`,
            `${kind}.route.destination.port.number`,
            `${kind}.route.weight`,
        ]),
    ],
    DestinationRule: [
        "host",
        "exportTo",
        "workloadSelector.",
        ...["trafficPolicy", "subsets.trafficPolicy"].flatMap((policy) =>
            [policy, `${policy}.portLevelSettings`].flatMap((place) => [
                `${place}.port.number`,
                `${place}.loadBalancer.simple`,
                `${place}.connectionPool.tcp.maxConnectionDuration`,
                `${place}.connectionPool.http.h2UpgradePolicy`,
                ...[
                    "mode",
                    "sni",
                    "subjectAltNames",
                    "credentialName",
                    "clientCertificate",
                    "privateKey",
                    "caCertificates",
                ].map((key) => `${place}.tls.${key}`),
            ]),
        ),
        "subsets.name",
    ],
    Gateway: ["selector.", "servers.port.", "servers.hosts", "servers.tls.", "servers.name"],
    AuthorizationPolicy: [
        "selector.",
        "action",
        "rules.from.source.principals",
        "rules.from.source.serviceAccounts",
        "rules.from.source.namespaces",
        "rules.to.operation.hosts",
        "rules.to.operation.ports",
        "rules.when.key",
        "rules.when.values",
    ],
    Service: ["type", "externalName", "ports.", "selector.", "sessionAffinity"],
};

/** Everything of the object's `spec` that an adoption does not understand, the highest path of each. */
export function leftovers(object: RawObject): NotCarried[] {
    const understood = UNDERSTOOD[object.kind] ?? [];
    const found: string[] = [];
    const walk = (value: unknown, path: string, plain: string): void => {
        if (understood.some((one) => one === plain || (one.endsWith(".") && `${plain}.`.startsWith(one)))) {
            return;
        }
        const isOnTheWay = plain === "" || understood.some((one) => one.startsWith(`${plain}.`));
        if (Array.isArray(value) && isOnTheWay) {
            value.forEach((one, index) => walk(one, `${path}[${index}]`, plain));
        } else if (isOnTheWay && typeof value === "object" && value !== null) {
            for (const [key, inner] of Object.entries(value as Fields)) {
                walk(inner, `${path}.${key}`, plain === "" ? key : `${plain}.${key}`);
            }
        } else if (value !== undefined && value !== null) {
            found.push(path);
        }
    };
    walk(fields(object.spec), "spec", "");
    return found.map((path) => ({
        object: objectRef(object),
        path,
        reason: "an EgressRoute has no such setting, and its objects cannot be changed",
    }));
}
