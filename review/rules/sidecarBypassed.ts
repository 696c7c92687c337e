import { coverEverything, isWithin } from "../addresses";
import { fields, list } from "../fields";
import { isVisible } from "../visibility";
import { ServiceEntry } from "../objects/serviceEntry";
import { Workload } from "../objects/workload";
import { Rule, RuleFinding, finding } from "../rule";

const PREFIX = "traffic.sidecar.istio.io/";
/** The user and group of the proxy, whose own calls are not led to it. */
const PROXY_ID = 1337;

/**
 * Asks only where the set says something of calls to the outside: an external ServiceEntry that the workload's namespace
 * sees. Pods that get no sidecar at all are left alone, and so are ranges that no entry is in.
 */
export const sidecarBypassed: Rule = {
    id: "sidecar-bypassed",
    title: "A pod's annotation or user makes its calls to external hosts bypass its sidecar.",
    why: "No rule, route or policy of the mesh applies to these calls: they leave as the application sends them.",
    severity: "mandatory",
    find: (mesh) => {
        const open = mesh.serviceEntries.filter(({ isExternal }) => isExternal);
        const suspects = mesh.workloads.filter(hasSidecar).map((workload) => ({
            workload,
            isRedirected: hasOwnRedirection(workload),
            asProxy: runsAsProxy(workload),
        }));
        return suspects.flatMap(({ workload, isRedirected, asProxy }) => {
            if (!isRedirected && asProxy.length === 0) {
                return [];
            }
            const entries = open.filter(({ exportTo, ref }) =>
                isVisible(exportTo, ref.namespace, workload.ref.namespace),
            );
            return entries.length === 0 || mesh.namespaces.isAmbient(workload.ref.namespace)
                ? []
                : [...(isRedirected ? reviewWorkload(workload, entries) : []), ...asProxy];
        });
    },
};

function hasSidecar({ podAnnotations, podLabels }: Workload): boolean {
    return (podLabels["sidecar.istio.io/inject"] ?? podAnnotations["sidecar.istio.io/inject"]) !== "false";
}

function hasOwnRedirection({ podAnnotations }: Workload): boolean {
    return Object.keys(podAnnotations).some(
        (key) => key.startsWith(PREFIX) || key === "sidecar.istio.io/interceptionMode",
    );
}

/** Containers of the application that run with the proxy's user or group; a container's own setting is before the pod's. */
function runsAsProxy(workload: Workload): RuleFinding[] {
    const { podSpec, specPath } = workload;
    const pod = fields(podSpec.securityContext);
    return list(podSpec.containers).flatMap((value, index) => {
        const container = fields(value);
        const own = fields(container.securityContext);
        const key = ["runAsUser", "runAsGroup"].find((name) => (own[name] ?? pod[name]) === PROXY_ID);
        if (key === undefined || container.name === "istio-proxy") {
            return [];
        }
        const at = key in own ? `${specPath}.containers[${index}]` : specPath;
        return [
            finding(workload, {
                path: `${at}.securityContext.${key}`,
                value: PROXY_ID,
                problem: "is the proxy's own user or group, whose calls bypass the sidecar",
                expected: `a number other than ${PROXY_ID}`,
                fix: "Run the application as another user and group",
            }),
        ];
    });
}

function reviewWorkload(workload: Workload, entries: ServiceEntry[]): RuleFinding[] {
    const { podAnnotations: annotations } = workload;
    const tell = (key: string, problem: string, fix: string) =>
        finding(workload, {
            path: `${workload.path}.annotations[${JSON.stringify(key)}]`,
            value: annotations[key],
            problem,
            expected: "annotations that do not exclude external hosts from the sidecar",
            fix,
        });
    const remove = "Remove the annotation, or name only ranges and ports inside the cluster";
    const excluded = values(annotations[`${PREFIX}excludeOutboundIPRanges`]);
    const included = annotations[`${PREFIX}includeOutboundIPRanges`];
    const ports = values(annotations[`${PREFIX}excludeOutboundPorts`]);
    const known = entries.find((entry) => addresses(entry).some((address) => isWithin(address, excluded)));
    const byPort = entries.find((entry) => entry.ports.some(({ number }) => ports.includes(String(number))));
    return [
        ...(coverEverything(excluded)
            ? [tell(`${PREFIX}excludeOutboundIPRanges`, "makes every call bypass the sidecar", remove)]
            : known
              ? [
                    tell(
                        `${PREFIX}excludeOutboundIPRanges`,
                        `makes calls to ${known.hosts[0]} bypass the sidecar`,
                        remove,
                    ),
                ]
              : []),
        ...(included !== undefined && !isAll(included)
            ? [
                  tell(
                      `${PREFIX}includeOutboundIPRanges`,
                      "sends only these ranges to the sidecar, so every other call bypasses it",
                      'Write "*", or remove the annotation',
                  ),
              ]
            : []),
        ...(byPort
            ? [
                  tell(
                      `${PREFIX}excludeOutboundPorts`,
                      `makes calls to a port of ${byPort.hosts[0]} bypass the sidecar`,
                      remove,
                  ),
              ]
            : []),
        ...(annotations["sidecar.istio.io/interceptionMode"] === "NONE"
            ? [tell("sidecar.istio.io/interceptionMode", "makes every call bypass the sidecar", remove)]
            : []),
    ];
}

function isAll(ranges: string): boolean {
    return values(ranges).includes("*") || coverEverything(values(ranges));
}

function addresses({ addresses: own, endpoints }: ServiceEntry): string[] {
    return [...own, ...endpoints].filter((address) => /^[\d.]+$|:/.test(address));
}

function values(list: string | undefined): string[] {
    return (list ?? "")
        .split(",")
        .map((value) => value.trim())
        .filter((value) => value !== "");
}
